package io.beamline.worker.block.http;

import io.beamline.worker.config.HttpBlockProperties;
import io.beamline.worker.config.TlsBundle;
import io.beamline.worker.config.TlsBundles;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.timeout.TimeSource;
import io.netty.handler.ssl.SslContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;

/** Makes the transport with the certificates of the settings. Stateless. */
final class HttpTransports {

  private static final Logger log = LoggerFactory.getLogger(HttpTransports.class);

  private HttpTransports() {}

  /**
   * Returns a new transport, which uses renewed certificates from then on.
   *
   * @param proxy the proxy; null for none
   * @throws UnusableSettingException if the certificates cannot be used
   */
  static HttpTransport create(
      DnsLookup names,
      DestinationRules rules,
      HttpBlockProperties properties,
      TlsBundles bundles,
      @Nullable HttpProxy proxy,
      TimeSource time) {
    TlsBundle bundle = bundles.named(TlsBundles.HTTP, properties.sslBundle());
    if (!properties.javaAuthorities() && !hasAuthorities(bundle)) {
      throw new UnusableSettingException(
          "worker.blocks.http.java-authorities",
          "false",
          "true unless worker.blocks.http.ssl-bundle names a bundle with authorities: without any,"
              + " Java's count");
    }
    if (bundle == null) {
      return new HttpTransport(names, rules, standardTls(), proxy, time);
    }
    boolean javaAuthorities = properties.javaAuthorities();
    HttpTransport transport =
        new HttpTransport(names, rules, tls(bundle, javaAuthorities), proxy, time);
    bundle.onRenewal(renewed -> renew(transport, renewed, javaAuthorities));
    return transport;
  }

  private static boolean hasAuthorities(@Nullable TlsBundle bundle) {
    return bundle != null && bundle.current().getStores().getTrustStore() != null;
  }

  private static SslContext tls(TlsBundle bundle, boolean javaAuthorities) {
    try {
      return HttpTls.of(bundle.current(), javaAuthorities);
    } catch (SSLException | IllegalArgumentException e) {
      throw bundle.refused("a bundle that HTTP steps can use, with ciphers and protocols of Java");
    }
  }

  private static void renew(HttpTransport transport, SslBundle renewed, boolean javaAuthorities) {
    try {
      transport.renew(HttpTls.of(renewed, javaAuthorities));
      log.info("HTTP steps use the renewed certificates");
    } catch (SSLException | RuntimeException e) {
      log.atError()
          .setCause(e)
          .log("The renewed certificates of HTTP steps cannot be used; the old ones stay in use");
    }
  }

  private static SslContext standardTls() {
    try {
      return HttpTls.standard();
    } catch (SSLException e) {
      throw new IllegalStateException("Java has no TLS", e);
    }
  }
}
