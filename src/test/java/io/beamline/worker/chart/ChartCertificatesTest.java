package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Certificates as PEM, in Secrets as cert-manager makes them. */
class ChartCertificatesTest {

  private static final String NATS = "/etc/beamline-nats-pem/";
  private static final String HTTP = "/etc/beamline-http-pem/";

  @Test
  void areAbsentByDefault() {
    assertThat(Chart.applicationYml("")).doesNotContain("ssl:", "pem:");
    assertThat(Chart.render("")).doesNotContain("-pem");
  }

  @Test
  void comeFromTheSecretOfCertManager() {
    String values = "nats: {tls: {secretName: worker-tls}}";
    assertThat(bundles(values))
        .containsExactly(
            Map.entry("nats.keystore.certificate", NATS + "tls.crt"),
            Map.entry("nats.keystore.private-key", NATS + "tls.key"),
            Map.entry("nats.reload-on-update", "true"),
            Map.entry("nats.truststore.certificate", NATS + "ca.crt"));
    assertThat(setting(values, "/worker/nats/ssl-bundle")).isEqualTo("nats");
    assertThat(setting(values, "/worker/blocks/http/ssl-bundle")).isEmpty();
    assertMounted(
        values,
        "nats-pem",
        NATS,
        "worker-tls",
        Map.of("ca.crt", "ca.crt", "tls.crt", "tls.crt", "tls.key", "tls.key"));
  }

  @Test
  void comeFromTheKeysThatTheOperatorNames() {
    String values =
        "nats: {tls: {secretName: s, ca: root.pem, cert: client.pem, key: client-key.pem}}";
    assertMounted(
        values,
        "nats-pem",
        NATS,
        "s",
        Map.of("root.pem", "ca.crt", "client.pem", "tls.crt", "client-key.pem", "tls.key"));
    String authority = "nats: {tls: {secretName: s, cert: '', key: ''}}";
    assertThat(bundles(authority))
        .containsOnlyKeys("nats.reload-on-update", "nats.truststore.certificate");
    assertMounted(authority, "nats-pem", NATS, "s", Map.of("ca.crt", "ca.crt"));
    String client = "nats: {tls: {secretName: s, ca: ''}}";
    assertThat(bundles(client)).doesNotContainKey("nats.truststore.certificate").hasSize(3);
  }

  @Test
  void serveHttpStepsToo() {
    String values =
        "httpSteps: {tls: {secretName: partners}}\nworker: {blocks: {http: {javaAuthorities: false}}}";
    assertThat(bundles(values))
        .hasSize(4)
        .containsEntry("http.keystore.certificate", HTTP + "tls.crt")
        .containsEntry("http.truststore.certificate", HTTP + "ca.crt");
    assertThat(setting(values, "/worker/blocks/http/ssl-bundle")).isEqualTo("http");
    assertThat(setting(values, "/worker/blocks/http/java-authorities")).isEqualTo("false");
    assertThat(setting(values, "/worker/nats/ssl-bundle")).isEmpty();
    assertMounted(
        values,
        "http-pem",
        HTTP,
        "partners",
        Map.of("ca.crt", "ca.crt", "tls.crt", "tls.crt", "tls.key", "tls.key"));
  }

  /** Every object has only fields that its makers document. */
  @Test
  void goWithCertManagerAndNack() {
    Manifests rendered =
        Manifests.of(
            Chart.render(
                """
                nats:
                  server: tls://nats.nats:4222
                  auth:
                    method: credentials
                    existingSecret: nats-worker-creds
                    keys: {credentials: worker.creds}
                  tls: {secretName: rel-nats-tls}
                httpSteps: {tls: {secretName: rel-http-tls}}
                nack: {enabled: true, account: workers}
                worker: {features: {store: nats-kv}}
                extraObjects:
                  - apiVersion: cert-manager.io/v1
                    kind: Certificate
                    metadata: {name: rel-nats, labels: {team: routing}}
                    spec:
                      secretName: rel-nats-tls
                      commonName: worker
                      duration: 2160h
                      renewBefore: 360h
                      usages: [client auth]
                      privateKey: {algorithm: ECDSA, encoding: PKCS1, size: 256, rotationPolicy: Always}
                      issuerRef: {name: nats-ca, kind: ClusterIssuer, group: cert-manager.io}
                """));
    rendered.documents().forEach(StrictModel::check);
    assertThat(rendered.kinds()).contains("Certificate", "Consumer", "Deployment", "Stream");
    assertThat(rendered.custom("Certificate").at("/spec/secretName").stringValue())
        .isEqualTo("rel-nats-tls");
  }

  private static void assertMounted(
      String values, String volume, String folder, String secret, Map<String, String> items) {
    Manifests rendered = Manifests.of(Chart.render(values));
    rendered.documents().forEach(StrictModel::check);
    SecretVolumeSource source =
        rendered.pod().getVolumes().stream()
            .filter(one -> one.getName().equals(volume))
            .map(one -> Objects.requireNonNull(one.getSecret()))
            .findFirst()
            .orElseThrow();
    assertThat(source.getSecretName()).isEqualTo(secret);
    assertThat(
            source.getItems().stream()
                .collect(Collectors.toMap(item -> item.getKey(), item -> item.getPath())))
        .isEqualTo(items);
    List<VolumeMount> mounts =
        rendered.worker().getVolumeMounts().stream()
            .filter(mount -> mount.getName().equals(volume))
            .toList();
    // A file that is mounted by itself would not be updated.
    assertThat(mounts)
        .singleElement()
        .matches(mount -> mount.getSubPath() == null && mount.getReadOnly())
        .matches(mount -> folder.equals(mount.getMountPath() + "/"));
  }

  private static Map<String, String> bundles(String values) {
    Map<String, String> found = new TreeMap<>();
    String prefix = "spring.ssl.bundle.pem.";
    Settings.flat(Chart.applicationYml(values))
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
              }
            });
    return found;
  }

  private static String setting(String values, String path) {
    return Manifests.tree(Chart.applicationYml(values)).at(path).asString();
  }
}
