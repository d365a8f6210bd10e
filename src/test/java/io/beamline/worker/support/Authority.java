package io.beamline.worker.support;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

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

  /** This authority's certificate, as PEM. */
  public Path authorityFile() {
    return file("ca.pem");
  }

  /** A certificate, as PEM. */
  public Path certificateFile(String name) {
    return file(name + ".pem");
  }

  /** The key of a certificate, as PEM. */
  public Path keyFile(String name) {
    return file(name + "-key.pem");
  }

  /** Settings of a bundle of PEM files: this authority, and a certificate unless it is empty. */
  public List<String> bundle(String bundle, String name) {
    String prefix = "spring.ssl.bundle.pem." + bundle;
    List<String> settings = new ArrayList<>();
    settings.add(prefix + ".truststore.certificate=" + authorityFile());
    if (!name.isEmpty()) {
      settings.add(prefix + ".keystore.certificate=" + certificateFile(name));
      settings.add(prefix + ".keystore.private-key=" + keyFile(name));
    }
    return settings;
  }

  /**
   * Makes the sockets of a server that shows a certificate, and demands one that this authority has
   * signed.
   */
  public ServerSocketFactory demandingSockets(String name)
      throws IOException, GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(
        KeyStore.getInstance(keyStore(name).toFile(), PASSWORD.toCharArray()),
        PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(KeyStore.getInstance(trustStore().toFile(), PASSWORD.toCharArray()));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return new Demanding(context.getServerSocketFactory());
  }

  /** This authority's certificate. */
  public Certificate signer() throws IOException, GeneralSecurityException {
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

  /** Demands a certificate of each client. */
  private static final class Demanding extends ServerSocketFactory {

    private final ServerSocketFactory sockets;

    Demanding(ServerSocketFactory sockets) {
      this.sockets = sockets;
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      return demanding(sockets.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      return demanding(sockets.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
        throws IOException {
      return demanding(sockets.createServerSocket(port, backlog, address));
    }

    private static ServerSocket demanding(ServerSocket socket) {
      ((SSLServerSocket) socket).setNeedClientAuth(true);
      return socket;
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
