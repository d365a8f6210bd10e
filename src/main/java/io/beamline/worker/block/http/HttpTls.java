package io.beamline.worker.block.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** Makes the TLS settings of HTTP steps (contract section 8). Stateless. */
final class HttpTls {

  private HttpTls() {}

  /** Returns settings that trust Java's authorities and show no certificate. */
  static SslContext standard() throws SSLException {
    return SslContextBuilder.forClient().build();
  }

  /**
   * Returns the settings of a bundle.
   *
   * @param javaAuthorities whether Java's authorities are trusted besides those of the bundle; a
   *     bundle without authorities trusts Java's in any case
   * @throws SSLException if the bundle cannot be used
   * @throws IllegalArgumentException if Java does not know its ciphers or protocols
   */
  static SslContext of(SslBundle bundle, boolean javaAuthorities) throws SSLException {
    SslOptions options = bundle.getOptions();
    SslContextBuilder context =
        SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
    if (options.getCiphers() != null) {
      context.ciphers(List.of(options.getCiphers()));
    }
    if (options.getEnabledProtocols() != null) {
      context.protocols(options.getEnabledProtocols());
    }
    try {
      SslContext made =
          context
              .keyManager(bundle.getManagers().getKeyManagerFactory())
              .trustManager(authorities(bundle.getStores().getTrustStore(), javaAuthorities))
              .build();
      // Java looks at ciphers and protocols only now.
      ReferenceCountUtil.release(made.newEngine(ByteBufAllocator.DEFAULT));
      return made;
    } catch (IllegalStateException | GeneralSecurityException e) {
      throw new SSLException("The SSL bundle cannot be used", e);
    }
  }

  static TrustManagerFactory authorities(@Nullable KeyStore own, boolean javaAuthorities)
      throws GeneralSecurityException {
    return own == null || !javaAuthorities ? trusting(own) : trusting(withJava(own));
  }

  private static KeyStore withJava(KeyStore own) throws GeneralSecurityException {
    KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      all.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("An empty store is read from nothing", e);
    }
    int number = 0;
    for (TrustManager manager : trusting(null).getTrustManagers()) {
      if (manager instanceof X509TrustManager java) {
        for (X509Certificate authority : java.getAcceptedIssuers()) {
          all.setCertificateEntry("java-" + number++, authority);
        }
      }
    }
    for (String alias : Collections.list(own.aliases())) {
      all.setCertificateEntry("own-" + alias, own.getCertificate(alias));
    }
    return all;
  }

  private static TrustManagerFactory trusting(@Nullable KeyStore authorities)
      throws GeneralSecurityException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(authorities);
    return managers;
  }
}
