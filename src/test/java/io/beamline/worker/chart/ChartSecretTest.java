package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import org.junit.jupiter.api.Test;

/** The Secrets that the chart makes. */
class ChartSecretTest {

  @Test
  void takesAStoreWithTheLineBreaksOfBase64() {
    String values =
        """
        nats:
          tls:
            trustStore:
              enabled: true
              password: secret
              content: |
                QUJD
                REVG
            keyStore: {enabled: true, password: secret, content: "QUJD\\r\\nR0hJ\\r\\n"}
        """;
    assertThat(Manifests.of(Chart.render(values)).one(Secret.class).getData())
        .containsEntry("truststore", "QUJDREVG")
        .containsEntry("keystore", "QUJDR0hJ")
        .hasSize(4);
  }
}
