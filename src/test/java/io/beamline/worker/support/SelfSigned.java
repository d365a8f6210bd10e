package io.beamline.worker.support;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate that signs itself, made anew by the JDK's keytool so that no key is kept anywhere.
 *
 * @param keys holds the key and the certificate
 */
public record SelfSigned(KeyStore keys) {

  private static final String PASSWORD = Keytool.PASSWORD;
  private static final String ALIAS = "server";

  /** Makes a certificate for a host; takes about a second. */
  public static SelfSigned forHost(String host, Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path file = folder.resolve(host + ".p12");
    Keytool.makePair(file, ALIAS, host, "-ext", "san=dns:" + host);
    return new SelfSigned(KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()));
  }

  /** The certificate, for those who trust it. */
  public X509Certificate certificate() throws GeneralSecurityException {
    return (X509Certificate) keys.getCertificate(ALIAS);
  }

  /** Makes the sockets of a server that shows this certificate. */
  public ServerSocketFactory serverSockets() throws GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }
}
