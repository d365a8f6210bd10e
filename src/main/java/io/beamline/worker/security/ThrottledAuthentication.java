package io.beamline.worker.security;

import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Slows down guessing: after 10 attempts a minute from one address, or 50 on the administrator's
 * name, further ones are refused unchecked until the minute is over. Other names cannot succeed,
 * and are not remembered: whatever somebody types would stay in memory. An attempt counts before it
 * is checked, so that many at once gain nothing; a success clears the count. Attempts of an address
 * that is refused do not count against the name, so that one address cannot lock the administrator
 * out. Thread-safe.
 */
final class ThrottledAuthentication implements AuthenticationProvider {

  private static final Logger log = LoggerFactory.getLogger(ThrottledAuthentication.class);
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int PER_ADDRESS = 10;
  private static final int PER_ADMINISTRATOR = 50;
  private static final int REMEMBERED = 10_000;

  private final AuthenticationProvider provider;
  private final AttemptCounter addresses;
  private final AttemptCounter onAdministrator;
  private final String administrator;
  private final LogThrottle logs;

  ThrottledAuthentication(
      AuthenticationProvider provider, String administrator, TimeSource time, LogThrottle logs) {
    this.provider = provider;
    this.administrator = administrator;
    this.addresses = new AttemptCounter(time, PER_ADDRESS, WINDOW, REMEMBERED);
    this.onAdministrator = new AttemptCounter(time, PER_ADMINISTRATOR, WINDOW, 1);
    this.logs = logs;
  }

  @Override
  public @Nullable Authentication authenticate(Authentication attempt) {
    String address = address(attempt);
    String client = ClientNetwork.of(address);
    admit(client, address, attempt.getName());
    Authentication success;
    try {
      success = provider.authenticate(attempt);
    } catch (AuthenticationException e) {
      report("Login failed", address);
      throw e;
    }
    addresses.forget(client);
    onAdministrator.forget(administrator);
    return success;
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return provider.supports(authentication);
  }

  private void admit(String client, String address, String user) {
    Duration wait = addresses.attempt(client);
    if (wait.isZero() && administrator.equalsIgnoreCase(user)) {
      wait = onAdministrator.attempt(administrator);
    }
    if (!wait.isZero()) {
      report("Login refused after too many attempts", address);
      throw new TooManyAttemptsException(wait);
    }
  }

  /** The user name stays out: people type passwords there. */
  private void report(String message, String address) {
    logs.log(log.atWarn().addKeyValue("remote_address", address), message);
  }

  private static String address(Authentication attempt) {
    return attempt.getDetails() instanceof WebAuthenticationDetails details
        ? String.valueOf(details.getRemoteAddress())
        : "unknown";
  }
}
