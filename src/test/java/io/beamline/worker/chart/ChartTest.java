package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.LintResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart renders is what Kubernetes takes, whatever is on. */
class ChartTest {

  private static final List<String> ALWAYS =
      List.of("ConfigMap", "Deployment", "Pod", "Service", "ServiceAccount");

  @Test
  void passesTheLinter() {
    LintResult result = Chart.lint();
    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @Test
  void rendersOnlyWhatIsNeededByDefault() {
    Manifests manifests = Manifests.of(Chart.render(""));
    manifests.documents().forEach(StrictModel::check);
    assertThat(manifests.kinds()).isEqualTo(ALWAYS);
  }

  @Test
  void rendersEverythingTogether() {
    Manifests manifests = Manifests.of(Chart.render(Chart.EVERYTHING));
    manifests.documents().forEach(StrictModel::check);
    assertThat(manifests.kinds())
        .containsExactly(
            "ConfigMap",
            "ConfigMap",
            "Deployment",
            "HorizontalPodAutoscaler",
            "NetworkPolicy",
            "PersistentVolumeClaim",
            "Pod",
            "PodDisruptionBudget",
            "PrometheusRule",
            "Secret",
            "Secret",
            "Secret",
            "Service",
            "ServiceAccount",
            "ServiceMonitor");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "autoscaling: {enabled: true} | HorizontalPodAutoscaler",
        "keda: {enabled: true, monitoringEndpoint: 'nats:8222'} | ScaledObject",
        "podDisruptionBudget: {enabled: true} | PodDisruptionBudget",
        "podDisruptionBudget: {enabled: true, maxUnavailable: 25%} | PodDisruptionBudget",
        "serviceMonitor: {enabled: true} | ServiceMonitor",
        "prometheusRule: {enabled: true} | PrometheusRule",
        "dashboard: {enabled: true} | ConfigMap",
        "networkPolicy: {enabled: true} | NetworkPolicy",
        "persistence: {enabled: true} | PersistentVolumeClaim",
        "worker: {admin: {password: secret}} | Secret",
        "worker: {blocks: {http: {proxy: {url: 'http://p:1', username: u, password: secret}}}} | Secret",
        "nats: {auth: {method: user, username: u, password: p}} | Secret",
        "nats: {auth: {method: token, token: t}} | Secret",
        "nats: {auth: {method: nkey, nkey: SUAB}} | Secret",
        "nats: {auth: {method: credentials, credentials: c}} | Secret",
        "nats: {tls: {trustStore: {enabled: true, content: QUJD, password: p}}} | Secret",
        "nats: {tls: {keyStore: {enabled: true, content: QUJD, password: p}}} | Secret",
      })
  void addsOneObjectForEachSwitch(String values, String kind) {
    Manifests manifests = Manifests.of(Chart.render(values));
    manifests.documents().forEach(StrictModel::check);
    List<String> expected = new ArrayList<>(ALWAYS);
    expected.add(kind);
    assertThat(manifests.kinds()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "persistence: {enabled: true, existingClaim: files}",
        "worker: {admin: {existingSecret: s}}",
        "worker: {blocks: {http: {proxy: {url: 'http://p:1', passwordSecret: {name: s, key: k}}}}}",
        "nats: {auth: {method: user, existingSecret: s}}",
        "nats: {auth: {method: token, existingSecret: s}}",
        "nats: {auth: {method: nkey, existingSecret: s}}",
        "nats: {auth: {method: credentials, existingSecret: s}}",
        "nats: {tls: {existingSecret: s, trustStore: {enabled: true}, keyStore: {enabled: true}}}",
        "worker: {nats: {delivery: core}}",
        "worker: {nats: {provision: true}}",
        "worker: {features: {store: nats-kv}}",
        "topologySpread: {zone: '', node: ''}",
        "topologySpread: {zone: DoNotSchedule}",
        "fullnameOverride: w",
        "nameOverride: w",
        "flags: {CP2_QUEUE_MANAGEMENT_ENABLED: true}",
        "flags: {CP2_QUEUE_MANAGEMENT_ENABLED: 25%}",
        "nats: {tls: {secretName: s}}",
        "httpSteps: {tls: {secretName: s}}",
        "updateStrategy: {type: Recreate}",
        "envFrom: [{secretRef: {name: s}}, {prefix: A_, configMapRef: {name: c, optional: true}}]",
      })
  void addsNoObjectForWhatIsThereAlready(String values) {
    Manifests manifests = Manifests.of(Chart.render(values));
    manifests.documents().forEach(StrictModel::check);
    assertThat(manifests.kinds()).isEqualTo(ALWAYS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10%",
        "0.5 %",
        "100%",
        "percentage=10",
        "percentage=12.5%",
        "tenants=acme,globex"
      })
  void takesForWhomAFlagIsOn(String value) {
    assertThat(Chart.applicationYml("flags: {CP2_ADVANCED_RETRY_ENABLED: '" + value + "'}"))
        .contains("CP2_ADVANCED_RETRY_ENABLED: \"" + value + "\"")
        .contains("CP2_COMPLETE_TIMEOUT_ENABLED: false");
  }

  @Test
  void makesNoServiceAccountWhenThereIsOne() {
    Manifests manifests = Manifests.of(Chart.render("serviceAccount: {create: false, name: mine}"));
    manifests.documents().forEach(StrictModel::check);
    assertThat(manifests.kinds()).doesNotContain("ServiceAccount");
    assertThat(manifests.pod().getServiceAccountName()).isEqualTo("mine");
  }
}
