package io.beamline.worker.connection;

import io.beamline.worker.config.UnusableSettingException;
import io.nats.client.support.NatsUri;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS settings of the connection, from {@code nats.spring.*}. The trust store holds the trusted
 * signers; without one, the JVM's signers are trusted. The key store holds the worker's own
 * certificate; without one, the worker shows none. Each connection reads the stores again, so that
 * a certificate can be replaced while the worker runs.
 */
final class ServerTls {

  private static final Set<String> SCHEMES = Set.of("tls", "wss");

  private final NatsProperties settings;
  private final List<String> servers;

  ServerTls(NatsProperties settings, List<String> servers) {
    this.settings = settings;
    this.servers = servers;
  }

  /**
   * Returns the TLS context, or null when the settings do not ask for TLS.
   *
   * @throws UnusableSettingException when a store cannot be used
   */
  @Nullable SSLContext context() throws GeneralSecurityException {
    if (!isWanted()) {
      return null;
    }
    SSLContext context = protocol();
    context.init(keys(), new TrustManager[] {trust()}, null);
    return context;
  }

  private boolean isWanted() {
    return isSet(settings.getTrustStorePath())
        || isSet(settings.getKeyStorePath())
        || settings.getTlsFirst()
        || servers.stream().anyMatch(server -> SCHEMES.contains(uri(server).getScheme()));
  }

  private SSLContext protocol() {
    String protocol = settings.getTlsProtocol();
    try {
      return SSLContext.getInstance(isSet(protocol) ? protocol : "TLS");
    } catch (NoSuchAlgorithmException e) {
      throw new UnusableSettingException(
          "nats.spring.tls-protocol", protocol, "a TLS protocol that Java knows, such as TLSv1.3");
    }
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException {
    if (!isSet(settings.getKeyStorePath())) {
      return null;
    }
    StoreFile file = new StoreFile("nats.spring.key-store-path", settings.getKeyStorePath());
    char[] password = settings.getKeyStorePassword();
    KeyStore store = file.read(settings.getKeyStoreType(), password);
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, password);
    return managers.getKeyManagers();
  }

  private X509ExtendedTrustManager trust() throws GeneralSecurityException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted());
    ServerNames names = new ServerNames(servers.stream().map(ServerTls::host).toList());
    return new NamedServerTrust((X509ExtendedTrustManager) managers.getTrustManagers()[0], names);
  }

  private @Nullable KeyStore trusted() {
    if (!isSet(settings.getTrustStorePath())) {
      return null;
    }
    StoreFile file = new StoreFile("nats.spring.trust-store-path", settings.getTrustStorePath());
    return file.read(settings.getTrustStoreType(), settings.getTrustStorePassword());
  }

  private static String host(String server) {
    String host = uri(server).getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static NatsUri uri(String server) {
    try {
      return new NatsUri(server.strip());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The addresses were checked before", e);
    }
  }

  private static boolean isSet(@Nullable String text) {
    return text != null && !text.isEmpty();
  }
}
