package io.beamline.worker.config;

import static io.beamline.worker.config.Variables.explain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamline.worker.support.Authority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** A bundle that cannot be used stops the start with one sentence, without a secret. */
class TlsBundlesTest {

  private static final String PEM = "spring.ssl.bundle.pem.own.";
  private static final String JKS = "spring.ssl.bundle.jks.own.";

  private static @Nullable Authority made;

  @BeforeAll
  static void makeCertificates(@TempDir Path folder) throws Exception {
    Authority authority = Authority.in(folder);
    authority.issue("worker", "dns:worker.example");
    made = authority;
  }

  @Test
  void takesFilesThatCanBeUsed() throws Exception {
    TlsBundles bundles = bundles(authority().bundle("own", "worker"));
    TlsBundle bundle = Objects.requireNonNull(bundles.named(TlsBundles.NATS, "own"));
    assertThat(Objects.requireNonNull(bundle.current().getStores().getTrustStore()).size())
        .isEqualTo(1);
    assertThat(bundles.named(TlsBundles.NATS, "")).isNull();
    String key = Files.readString(authority().keyFile("worker"));
    String certificate = Files.readString(authority().certificateFile("worker"));
    assertThat(
            bundles(
                    List.of(
                        PEM + "keystore.private-key=" + key,
                        PEM + "keystore.certificate=" + certificate))
                .named(TlsBundles.NATS, "own"))
        .isNotNull();
  }

  /** The variables of settings.md. */
  @Test
  void readsTheEnvironment() {
    Map<String, Object> variables =
        Map.of(
            "SPRING_SSL_BUNDLE_PEM_NATS_TRUSTSTORE_CERTIFICATE",
            authority().authorityFile().toString(),
            "SPRING_SSL_BUNDLE_PEM_NATS_KEYSTORE_CERTIFICATE",
            authority().certificateFile("worker").toString(),
            "SPRING_SSL_BUNDLE_PEM_NATS_KEYSTORE_PRIVATEKEY",
            authority().keyFile("worker").toString(),
            "SPRING_SSL_BUNDLE_PEM_NATS_RELOADONUPDATE",
            "true");
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables));
    SslProperties settings =
        SettingsCheck.binder(environment).bindOrCreate("spring.ssl", SslProperties.class);
    assertThat(Objects.requireNonNull(settings.getBundle().getPem().get("nats")).isReloadOnUpdate())
        .isTrue();
    TlsBundle bundle = TlsBundles.read(environment).named(TlsBundles.NATS, "nats");
    assertThat(Objects.requireNonNull(bundle).current().getStores().getKeyStore()).isNotNull();
  }

  /** PKCS 1 for RSA, SEC 1 for elliptic curves, PKCS 8 for both. */
  @Test
  void takesKeysInEachFormOfCertManager() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    byte[] pkcs8 = rsa.generateKeyPair().getPrivate().getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
    curve.initialize(256);
    byte[] curve8 = curve.generateKeyPair().getPrivate().getEncoded();
    byte[] sec1 =
        HexFormat.of()
            .parseHex(
                "30310201010420"
                    + HexFormat.of().formatHex(secret(curve8))
                    + "a00a06082a8648ce3d030107");
    for (String key :
        List.of(
            pem("PRIVATE KEY", pkcs8),
            pem("RSA PRIVATE KEY", pkcs1),
            pem("PRIVATE KEY", curve8),
            pem("EC PRIVATE KEY", sec1))) {
      assertThat(
              bundles(
                      List.of(
                          PEM + "keystore.private-key=" + key,
                          PEM + "keystore.certificate=" + authority().certificateFile("worker")))
                  .named(TlsBundles.NATS, "own"))
          .isNotNull();
    }
  }

  /** The number of a key of the curve P-256, which Java encodes last. */
  private static byte[] secret(byte[] pkcs8) {
    return Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length);
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(bytes), kind);
  }

  @Test
  void namesTheBundlesThatThereAre() {
    assertThat(refusal("other", authority().bundle("own", "")))
        .isEqualTo(
            "worker.nats.ssl-bundle is 'other', but must be the name of a bundle of"
                + " spring.ssl.bundle.pem or spring.ssl.bundle.jks; there are: own.");
    assertThat(refusal("other", List.of())).endsWith("; there is none.");
  }

  @Test
  void namesTheFileThatCannotBeUsed(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("missing");
    Path text = Files.writeString(folder.resolve("text"), "no certificate");
    assertThat(refusal("own", List.of(PEM + "truststore.certificate=" + missing)))
        .isEqualTo(
            PEM
                + "truststore.certificate is '"
                + missing
                + "', but must be a PEM file with a certificate for worker.nats.ssl-bundle: there"
                + " is no such file.");
    assertThat(refusal("own", List.of(PEM + "truststore.certificate=" + text)))
        .endsWith("there is none in it that can be read.");
    assertThat(
            refusal(
                "own",
                List.of(
                    PEM + "keystore.certificate=" + authority().certificateFile("worker"),
                    PEM + "keystore.private-key=" + authority().certificateFile("worker"))))
        .startsWith(PEM + "keystore.private-key is '")
        .contains("a PEM file with a private key");
    assertThat(
            refusal(
                "own",
                List.of(PEM + "keystore.certificate=" + authority().certificateFile("worker"))))
        .isEqualTo(
            PEM
                + "keystore.private-key is '', but must be set together with "
                + PEM
                + "keystore.certificate.");
    assertThat(refusal("own", List.of(JKS + "truststore.location=" + missing)))
        .startsWith(JKS + "truststore.location is '" + missing + "', but must be a store that")
        .endsWith("for worker.nats.ssl-bundle: there is no such file.");
  }

  @Test
  void showsNoSecret() throws Exception {
    String key = "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----";
    assertThat(
            refusal(
                "own",
                List.of(
                    PEM + "keystore.certificate=" + authority().certificateFile("worker"),
                    PEM + "keystore.private-key=" + key)))
        .startsWith(PEM + "keystore.private-key is '(hidden)', but must be")
        .doesNotContain("hush");
    assertThat(
            refusal(
                "own",
                List.of(
                    JKS + "keystore.location=" + authority().keyStore("worker"),
                    JKS + "keystore.password=hush")))
        .endsWith("the password is wrong.")
        .doesNotContain("hush");
  }

  /** A file that is watched fails before the worker looks at it. */
  @Test
  void explainsAStartThatFailedOverABundle() {
    ConfigurableEnvironment environment =
        environment(
            List.of(
                "worker.blocks.http.ssl-bundle=own",
                PEM + "truststore.certificate=/missing/ca.crt",
                PEM + "reload-on-update=true"));
    assertThat(explain(environment, new IllegalStateException("Unable to watch")))
        .isEqualTo(
            PEM
                + "truststore.certificate is '/missing/ca.crt', but must be a PEM file with a"
                + " certificate for worker.blocks.http.ssl-bundle: there is no such file.");
  }

  private static String refusal(String name, List<String> settings) {
    UnusableSettingException refusal =
        catchThrowableOfType(
            UnusableSettingException.class, () -> bundles(settings).named(TlsBundles.NATS, name));
    return String.valueOf(refusal.getMessage());
  }

  private static TlsBundles bundles(List<String> settings) {
    return TlsBundles.read(environment(settings));
  }

  private static ConfigurableEnvironment environment(List<String> settings) {
    Map<String, Object> set = new HashMap<>();
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      set.put(parts[0], parts[1]);
    }
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", set));
    return environment;
  }

  private static Authority authority() {
    return Objects.requireNonNull(made);
  }
}
