package io.beamline.worker.support;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * Signs certificates, and puts them into files: PEM for nats-server, PKCS12 for Java. Made anew for
 * each run. Not thread-safe.
 */
public final class Authority {

  /** The password of every store it makes. */
  public static final String PASSWORD = Keytool.PASSWORD;

  private static final String SIGNER = "signer";

  private final Path folder;
  private final Path keys;

  private Authority(Path folder) {
    this.folder = folder;
    this.keys = folder.resolve("authority.p12");
  }

  /** An authority of its own, whose files lie in a folder of its own. */
  public static Authority in(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Authority authority = new Authority(Files.createDirectories(folder));
    Keytool.makePair(authority.keys, SIGNER, "Test Authority", "-ext", "bc:critical=ca:true");
    Files.writeString(authority.file("ca.pem"), pem("CERTIFICATE", authority.signer()));
    KeyStore trust = empty();
    trust.setCertificateEntry("ca", authority.signer());
    store(trust, authority.trustStore());
    return authority;
  }

  /**
   * Signs a certificate.
   *
   * @param name names its files
   * @param alternativeNames such as {@code dns:localhost,ip:127.0.0.1}
   */
  public X509Certificate issue(String name, String alternativeNames)
      throws IOException, InterruptedException, GeneralSecurityException {
    Keytool.makePair(keys, name, name, "-signer", SIGNER, "-ext", "san=" + alternativeNames);
    KeyStore all = keyStore();
    Key key = all.getKey(name, PASSWORD.toCharArray());
    Certificate certificate = all.getCertificate(name);
    Files.writeString(file(name + ".pem"), pem("CERTIFICATE", certificate));
    Files.writeString(file(name + "-key.pem"), pem("PRIVATE KEY", key.getEncoded()));
    KeyStore own = empty();
    own.setKeyEntry(name, key, PASSWORD.toCharArray(), all.getCertificateChain(name));
    store(own, keyStore(name));
    return (X509Certificate) certificate;
  }

  /**
   * Lines for a nats-server that shows a certificate; {@code more} such as {@code verify: true}.
   */
  public String natsTls(String name, String more) {
    return "tls: {cert_file: \"%s\", key_file: \"%s\", ca_file: \"%s\", %s}"
        .formatted(file(name + ".pem"), file(name + "-key.pem"), file("ca.pem"), more);
  }

  /** A store with this authority's certificate. */
  public Path trustStore() {
    return file("trust.p12");
  }

  /** A store with a certificate and its key. */
  public Path keyStore(String name) {
    return file(name + ".p12");
  }

  private Certificate signer() throws IOException, GeneralSecurityException {
    return keyStore().getCertificate(SIGNER);
  }

  private KeyStore keyStore() throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static void store(KeyStore store, Path file)
      throws IOException, GeneralSecurityException {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
  }

  private static String pem(String kind, Certificate certificate) throws GeneralSecurityException {
    return pem(kind, certificate.getEncoded());
  }

  private static String pem(String kind, byte[] bytes) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, lines.encodeToString(bytes), kind);
  }
}
