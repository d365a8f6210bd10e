package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamline.worker.config.TlsBundle;
import io.beamline.worker.config.TlsBundles;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.support.Authority;
import io.nats.client.NKey;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * TLS and login settings that can never work stop the start with one sentence, without a secret.
 */
class ConnectionSettingsTest {

  private static final String SECRET = "s3cr3t";
  private static final String STORE_RULE =
      ", but must be a store that can be read with its type and password: ";

  private static @Nullable Authority authority;

  @BeforeAll
  static void makeStores(@TempDir Path made) throws Exception {
    authority = Authority.in(made);
  }

  @Test
  void takesWhatCanWork(@TempDir Path folder) throws Exception {
    Path credentials = Files.writeString(folder.resolve("w.creds"), "any");
    String seed = new String(NKey.createUser(null).getSeed());
    for (String[] properties :
        List.of(
            new String[] {},
            new String[] {"username=u", "password=" + SECRET},
            new String[] {"username=u", "password="},
            new String[] {"token=" + SECRET},
            new String[] {"nkey=" + seed},
            new String[] {"credentials=" + credentials},
            new String[] {
              "trust-store-path=" + trustStore(), "trust-store-password=" + Authority.PASSWORD
            },
            new String[] {"server=tls://a.example,tls://[::1]:4222", "tls-protocol=TLSv1.3"})) {
      assertThatNoException().isThrownBy(() -> check(properties));
    }
  }

  @Test
  void refusesAHalfLogin() {
    assertThat(refusal("username=u"))
        .isEqualTo(
            "nats.spring.username is 'u', but must be used together with nats.spring.password.");
    assertThat(refusal("password=" + SECRET))
        .isEqualTo(
            "nats.spring.password is '(hidden)', but must be used together with"
                + " nats.spring.username.");
  }

  @Test
  void refusesSeveralKindsOfLogin(@TempDir Path folder) throws Exception {
    Path credentials = Files.writeString(folder.resolve("w.creds"), "any");
    assertThat(refusal("token=" + SECRET, "credentials=" + credentials))
        .isEqualTo("nats.spring.* is 'token and credentials', but must be one kind of login.");
    assertThat(refusal("username=u", "password=" + SECRET, "token=" + SECRET))
        .contains("'username and token'");
  }

  @Test
  void refusesAnEmptyAddress() {
    assertThat(refusal("server=")).startsWith("nats.spring.server is '', but must be one or more");
  }

  @Test
  void refusesWhatIsNoSeedOfAUser() throws Exception {
    String account = new String(NKey.createAccount(null).getSeed());
    for (String seed : List.of(SECRET, "SU" + SECRET, account)) {
      assertThat(refusal("nkey=" + seed))
          .isEqualTo(
              "nats.spring.nkey is '(hidden)', but must be the seed of a user's NKey, which begins"
                  + " with SU.");
    }
  }

  @Test
  void refusesFilesThatCannotBeRead(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("missing");
    Path text = Files.writeString(folder.resolve("text"), "no store");
    assertThat(refusal("credentials=" + folder)).endsWith("a credentials file that can be read.");
    assertThat(refusal("credentials=\0")).endsWith("a credentials file that can be read.");
    assertThat(refusal("credentials=" + missing))
        .isEqualTo(
            "nats.spring.credentials is '"
                + missing
                + "', but must be a credentials file that can be read.");
    assertThat(refusal("trust-store-path=" + missing))
        .isEqualTo(
            "nats.spring.trust-store-path is '"
                + missing
                + "'"
                + STORE_RULE
                + "there is no such file.");
    assertThat(refusal("key-store-path=" + text)).endsWith("is damaged, or of another type.");
    assertThat(refusal("trust-store-path=" + trustStore(), "trust-store-password=" + SECRET))
        .isEqualTo(
            "nats.spring.trust-store-path is '"
                + trustStore()
                + "'"
                + STORE_RULE
                + "the password is wrong.");
    assertThat(refusal("trust-store-path=" + trustStore()))
        .endsWith("nothing in it can be read without its password.");
    assertThat(refusal("trust-store-path=" + trustStore(), "trust-store-type=XYZ"))
        .endsWith("the type is not known.");
  }

  @Test
  void refusesAProtocolThatJavaDoesNotKnow() {
    assertThat(refusal("server=tls://a.example", "tls-protocol=TLSv9"))
        .startsWith("nats.spring.tls-protocol is 'TLSv9', but must be a TLS protocol");
  }

  @Test
  void refusesABundleBesideWhatItReplaces() throws Exception {
    DefaultSslBundleRegistry bundles =
        new DefaultSslBundleRegistry("own", SslBundle.of(SslStoreBundle.NONE));
    TlsBundle tls = new TlsBundle(TlsBundles.NATS, "own", bundles);
    assertThatNoException().isThrownBy(() -> check(tls, "server=nats://a.example"));
    for (String replaced :
        List.of("trust-store-path=/x", "key-store-path=/x", "tls-protocol=TLSv1.3")) {
      assertThatThrownBy(() -> check(tls, replaced))
          .isInstanceOf(UnusableSettingException.class)
          .hasMessage(
              "worker.nats.ssl-bundle is 'own', but must be empty when nats.spring."
                  + replaced.split("=", 2)[0]
                  + " is set.");
    }
    SslOptions options = SslOptions.of(Set.of("TLS_AES_128_GCM_SHA256"), null);
    bundles.updateBundle("own", SslBundle.of(SslStoreBundle.NONE, SslBundleKey.NONE, options));
    assertThatThrownBy(() -> check(tls, "server=nats://a.example"))
        .hasMessageContaining("which the NATS client cannot use");
  }

  private static String refusal(String... properties) {
    UnusableSettingException refusal =
        catchThrowableOfType(UnusableSettingException.class, () -> check(properties));
    String message = String.valueOf(refusal.getMessage());
    assertThat(message).doesNotContain(SECRET);
    return message;
  }

  private static void check(String... properties) {
    check(null, properties);
  }

  private static void check(@Nullable TlsBundle tls, String... properties) {
    Map<String, String> set = new HashMap<>();
    for (String property : properties) {
      String[] parts = property.split("=", 2);
      set.put("nats.spring." + parts[0], parts[1]);
    }
    ConnectionFixture.connections(
            new Binder(new MapConfigurationPropertySource(set))
                .bindOrCreate("nats.spring", NatsProperties.class),
            tls)
        .check();
  }

  private static Path trustStore() {
    return Objects.requireNonNull(authority).trustStore();
  }
}
