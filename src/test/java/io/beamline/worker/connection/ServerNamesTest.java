package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.beamline.worker.support.Authority;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks which certificates are accepted for which host names. */
class ServerNamesTest {

  private static @Nullable X509Certificate certificate;

  @BeforeAll
  static void makeCertificate(@TempDir Path folder) throws Exception {
    certificate =
        Authority.in(folder)
            .issue(
                "nats.common.example",
                "dns:Nats.example,dns:*.cluster.example,ip:192.0.2.1,ip:2001:db8::1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nats.example",
        "NATS.example.",
        "n1.cluster.example",
        "192.0.2.1",
        "2001:db8::1",
        "2001:DB8:0:0:0:0:0:1"
      })
  void bearsItsNames(String host) {
    assertThatNoException().isThrownBy(() -> new ServerNames(List.of("x", host)).check(shown()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nats.common.example",
        "other.example",
        "a.nats.example",
        "cluster.example",
        ".cluster.example",
        "a.b.cluster.example",
        "cluster.example.evil",
        "*.cluster.example.evil",
        "192.0.2.2",
        "2001:db8::2",
        "localhost"
      })
  void bearsNoOthers(String host) {
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> new ServerNames(List.of(host)).check(shown()))
        .withMessageContaining("is for none of [");
  }

  @Test
  void isForNobodyWithoutNames() {
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> new ServerNames(List.of()).check(shown()));
  }

  private static X509Certificate shown() {
    return Objects.requireNonNull(certificate);
  }
}
