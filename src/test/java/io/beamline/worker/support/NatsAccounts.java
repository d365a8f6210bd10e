package io.beamline.worker.support;

import io.nats.client.AuthHandler;
import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.security.GeneralSecurityException;

/**
 * An operator with an account that may use JetStream, made anew: what credentials files come from.
 *
 * @param operator signs the accounts
 * @param system the account of the servers
 * @param account the account of Router and worker
 */
public record NatsAccounts(NKey operator, NKey system, NKey account) {

  private static final String UNLIMITED =
      """
      {"limits": {"subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1,
       "wildcards": true, "conn": -1, "leaf": -1, "mem_storage": %1$d, "disk_storage": %1$d,
       "streams": %1$d, "consumer": %1$d}, "type": "account", "version": 2}
      """;

  /** A user of the account. */
  public record User(String jwt, String seed) {

    /** What its credentials file holds. */
    public String credentials() {
      return JwtUtils.NATS_USER_JWT_FORMAT.formatted(jwt, seed);
    }

    /** How it logs in. */
    public AuthHandler login() {
      return Nats.staticCredentials(jwt.toCharArray(), seed.toCharArray());
    }
  }

  /** An operator with its accounts. */
  public static NatsAccounts make() throws IOException, GeneralSecurityException {
    return new NatsAccounts(
        NKey.createOperator(null), NKey.createAccount(null), NKey.createAccount(null));
  }

  /** A user of the account. */
  public User user(String name) throws IOException, GeneralSecurityException {
    NKey user = NKey.createUser(null);
    String jwt = JwtUtils.issueUserJWT(account, id(account), id(user), name);
    return new User(jwt, new String(user.getSeed()));
  }

  /** The lines of a server that knows both accounts. */
  public String configuration() throws IOException, GeneralSecurityException {
    String claims =
        "{\"type\": \"operator\", \"version\": 2, \"system_account\": \"" + id(system) + "\"}";
    return """
    operator: "%s"
    system_account: %s
    resolver: MEMORY
    resolver_preload: {%s: "%s", %s: "%s"}
    """
        .formatted(
            jwt(operator, "operator", claims),
            id(system),
            id(system),
            jwt(system, "system", UNLIMITED.formatted(0)),
            id(account),
            jwt(account, "account", UNLIMITED.formatted(-1)));
  }

  private String jwt(NKey subject, String name, String claims)
      throws IOException, GeneralSecurityException {
    long now = System.currentTimeMillis() / 1000;
    return JwtUtils.issueJWT(operator, id(subject), name, null, now, id(operator), () -> claims);
  }

  private static String id(NKey key) throws IOException, GeneralSecurityException {
    return new String(key.getPublicKey());
  }
}
