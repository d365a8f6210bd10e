package io.beamline.worker.connection;

import io.beamline.worker.config.TlsBundle;
import io.beamline.worker.config.UnusableSettingException;
import io.nats.client.support.NatsUri;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * The TLS settings of the connection, from {@code nats.spring.*} or an SSL bundle. The trust store
 * holds the trusted signers; without one, the JVM's signers are trusted. The key store holds the
 * worker's own certificate; without one, the worker shows none. Each connection reads the stores
 * again, so that a certificate can be replaced while the worker runs; a bundle is read again by
 * Spring Boot.
 */
final class ServerTls {

  private static final Set<String> SCHEMES = Set.of("tls", "wss");

  private final NatsProperties settings;
  private final @Nullable TlsBundle bundle;
  private final List<String> servers;

  ServerTls(NatsProperties settings, @Nullable TlsBundle bundle, List<String> servers) {
    this.settings = settings;
    this.bundle = bundle;
    this.servers = servers;
  }

  /**
   * Refuses a bundle beside settings that it would replace, and a bundle with more than the client
   * can use.
   *
   * @throws UnusableSettingException when both are set
   */
  static void refuseBoth(NatsProperties settings, TlsBundle bundle) {
    Map<String, @Nullable String> replaced = new LinkedHashMap<>();
    replaced.put("trust-store-path", settings.getTrustStorePath());
    replaced.put("key-store-path", settings.getKeyStorePath());
    replaced.put("tls-protocol", settings.getTlsProtocol());
    replaced.forEach(
        (name, value) -> {
          if (isSet(value)) {
            throw bundle.refused("empty when nats.spring." + name + " is set");
          }
        });
    SslOptions options = bundle.current().getOptions();
    if (options.getCiphers() != null || options.getEnabledProtocols() != null) {
      throw bundle.refused(
          "a bundle without options.ciphers and options.enabled-protocols, which the NATS client"
              + " cannot use");
    }
  }

  /**
   * Returns the TLS context, or null when the settings do not ask for TLS.
   *
   * @throws UnusableSettingException when a store cannot be used
   */
  @Nullable SSLContext context() throws GeneralSecurityException {
    if (bundle != null) {
      return context(bundle.current());
    }
    if (!isWanted()) {
      return null;
    }
    SSLContext context = protocol();
    context.init(keys(), new TrustManager[] {named(trust())}, null);
    return context;
  }

  private SSLContext context(SslBundle current) throws GeneralSecurityException {
    try {
      SSLContext context = SSLContext.getInstance(current.getProtocol());
      context.init(
          current.getManagers().getKeyManagers(),
          new TrustManager[] {named(current.getManagers().getTrustManagerFactory())},
          null);
      return context;
    } catch (IllegalStateException e) {
      // Its files have changed, and can no longer be used.
      throw new GeneralSecurityException(String.valueOf(e.getMessage()), e);
    }
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

  private TrustManagerFactory trust() throws GeneralSecurityException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted());
    return managers;
  }

  private NamedServerTrust named(TrustManagerFactory managers) {
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
