package io.beamline.worker.connection;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a server whose certificate has a trusted signer and is for a server of the settings. The
 * client itself checks only the signer, so it would accept any certificate of that signer. Servers
 * that another server announced must also have a name of the settings: announcements before TLS
 * cannot be trusted. Thread-safe: it has no state that changes.
 */
final class NamedServerTrust extends X509ExtendedTrustManager {

  private final X509ExtendedTrustManager signers;
  private final ServerNames names;

  NamedServerTrust(X509ExtendedTrustManager signers, ServerNames names) {
    this.signers = signers;
    this.names = names;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    signers.checkServerTrusted(chain, authType, socket);
    names.check(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    signers.checkServerTrusted(chain, authType, engine);
    names.check(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    signers.checkServerTrusted(chain, authType);
    names.check(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    signers.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    signers.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    signers.checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return signers.getAcceptedIssuers();
  }
}
