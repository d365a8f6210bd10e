package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the workers run, with the values that an operator does not touch. */
class ChartDeploymentTest {

  private final Manifests manifests = Manifests.of(Chart.render(""));

  @Test
  void rollsOutWithoutAGap() {
    var spec = manifests.one(Deployment.class).getSpec();
    assertThat(spec.getReplicas()).isEqualTo(2);
    var update = spec.getStrategy().getRollingUpdate();
    assertThat(update.getMaxUnavailable().getIntVal()).isZero();
    assertThat(update.getMaxSurge().getIntVal()).isEqualTo(1);
  }

  @Test
  void probesTheManagementPort() {
    Container worker = manifests.worker();
    Map<Probe, String> paths =
        Map.of(
            worker.getStartupProbe(), "/actuator/health/liveness",
            worker.getLivenessProbe(), "/actuator/health/liveness",
            worker.getReadinessProbe(), "/actuator/health/readiness");
    paths.forEach(
        (probe, path) -> {
          assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
          assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
        });
    assertThat(worker.getPorts()).extracting("name").contains("management");
  }

  @Test
  void runsAsNobodyInParticular() {
    for (PodSpec pod : Stream.of(manifests.pod(), manifests.one(Pod.class).getSpec()).toList()) {
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10_001);
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      assertThat(pod.getAutomountServiceAccountToken()).isFalse();
      var container = pod.getContainers().getFirst().getSecurityContext();
      assertThat(container.getAllowPrivilegeEscalation()).isFalse();
      assertThat(container.getReadOnlyRootFilesystem()).isTrue();
      assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
    }
    assertThat(manifests.one(ServiceAccount.class).getAutomountServiceAccountToken()).isFalse();
  }

  @Test
  void writesOnlyToVolumes() {
    assertThat(
            manifests.worker().getVolumeMounts().stream()
                .filter(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                .map(VolumeMount::getMountPath))
        .containsExactlyInAnyOrder("/data", "/tmp");
  }

  @Test
  void isNamedAfterItsPod() {
    assertThat(manifests.worker().getEnv())
        .filteredOn(variable -> variable.getName().equals("WORKER_ID"))
        .singleElement()
        .extracting("valueFrom.fieldRef.fieldPath")
        .isEqualTo("metadata.name");
  }

  @Test
  void canNameAnyFile() {
    assertThat(manifests.worker().getEnv())
        .filteredOn(variable -> variable.getName().matches("LANG|LC_ALL"))
        .hasSize(2)
        .allMatch(variable -> variable.getValue().equals("C.UTF-8"));
  }

  @Test
  void hasTheFolderOfPluginsOfItsImage() {
    assertThat(manifests.worker().getEnv())
        .filteredOn(variable -> variable.getName().equals("WORKER_PLUGINS_DIRECTORY"))
        .extracting(EnvVar::getValue)
        .containsExactly("/app/plugins");
    assertThat(manifests.pod().getInitContainers()).isEmpty();
    assertThat(manifests.pod().getVolumes()).extracting("name").doesNotContain("plugins");
  }

  @Test
  void copiesPluginsFromAnImage() {
    Manifests rendered = Manifests.of(Chart.render("plugins: {image: 'registry/blocks:1'}"));
    Container copies = rendered.pod().getInitContainers().getFirst();
    assertThat(copies.getImage()).isEqualTo("registry/blocks:1");
    assertThat(copies.getCommand())
        .containsExactly("sh", "-c", "cp /plugins/*.jar /plugins-of-the-pod/");
    assertThat(copies.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(copies.getVolumeMounts()).extracting("name").containsExactly("plugins");
    assertMounted(rendered, "/app/plugins");
  }

  @Test
  void takesPluginsFromAVolume() {
    Manifests rendered =
        Manifests.of(
            Chart.render(
                """
                plugins: {volume: {persistentVolumeClaim: {claimName: blocks}}}
                worker: {plugins: {directory: /blocks}}
                """));
    assertThat(rendered.pod().getInitContainers()).isEmpty();
    assertThat(rendered.pod().getVolumes())
        .filteredOn(volume -> volume.getName().equals("plugins"))
        .extracting(volume -> volume.getPersistentVolumeClaim().getClaimName())
        .containsExactly("blocks");
    assertMounted(rendered, "/blocks");
  }

  private static void assertMounted(Manifests rendered, String folder) {
    assertThat(rendered.worker().getVolumeMounts())
        .filteredOn(mount -> mount.getName().equals("plugins"))
        .allMatch(VolumeMount::getReadOnly)
        .extracting(VolumeMount::getMountPath)
        .containsExactly(folder);
    assertThat(rendered.worker().getEnv())
        .filteredOn(variable -> variable.getName().equals("WORKER_PLUGINS_DIRECTORY"))
        .extracting(EnvVar::getValue)
        .containsExactly(folder);
  }

  @Test
  void spreadsOverNodesAndZones() {
    assertThat(manifests.pod().getTopologySpreadConstraints())
        .extracting("topologyKey")
        .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
  }

  @Test
  void hasTheServiceFindTheWorkersOnly() {
    Map<String, String> selector = manifests.one(Service.class).getSpec().getSelector();
    var template = manifests.one(Deployment.class).getSpec().getTemplate();
    assertThat(template.getMetadata().getLabels()).containsAllEntriesOf(selector);
    assertThat(manifests.one(Pod.class).getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/component", "test");
    assertThat(selector).containsEntry("app.kubernetes.io/component", "worker");
  }

  @ParameterizedTest
  @CsvSource({"25s,60", "0s,35", "2m,155", "1500ms,37", "1h,3635"})
  void waitsLongerThanTheDrain(String grace, long seconds) {
    Manifests rendered =
        Manifests.of(Chart.render("worker: {shutdown: {grace: %s}}".formatted(grace)));
    assertThat(rendered.pod().getTerminationGracePeriodSeconds()).isEqualTo(seconds);
    String yml = rendered.text("rel-beamline-worker", "application.yml");
    assertThat(yml).contains("timeout-per-shutdown-phase: " + Math.max(60, seconds) + "s");
  }

  @Test
  void takesAGraceThatIsLongEnough() {
    String values = "terminationGracePeriodSeconds: 45";
    assertThat(Manifests.of(Chart.render(values)).pod().getTerminationGracePeriodSeconds())
        .isEqualTo(45);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "flags: {CP2_ADVANCED_RETRY_ENABLED: true} | checksum/config",
        "worker: {retry: {maxAttempts: 5}} | checksum/config",
        "logging: {level: {root: debug}} | checksum/config",
        "worker: {admin: {password: other}} | checksum/secret",
        "nats: {auth: {method: token, token: other}} | checksum/secret",
      })
  void rollsThePodsOnAChange(String values, String checksum) {
    assertThat(annotations(values).get(checksum)).isNotEqualTo(annotations("").get(checksum));
    assertThat(annotations(values)).isEqualTo(annotations(values));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "autoscaling: {enabled: true}",
        "keda: {enabled: true, monitoringEndpoint: 'n:8222'}"
      })
  void leavesTheNumberOfWorkersToAnAutoscaler(String values) {
    Deployment deployment = Manifests.of(Chart.render(values)).one(Deployment.class);
    assertThat(deployment.getSpec().getReplicas()).isNull();
  }

  @Test
  void scalesOnTheLagOfTheConsumer() {
    String values =
        """
        keda: {enabled: true, monitoringEndpoint: "nats:8222"}
        worker: {nats: {durable: mine, subjects: {assign: my.assignments}}}
        """;
    var trigger = Manifests.of(Chart.render(values)).custom("ScaledObject").at("/spec/triggers/0");
    assertThat(trigger.at("/metadata/stream").stringValue()).isEqualTo("MY_ASSIGNMENTS");
    assertThat(trigger.at("/metadata/consumer").stringValue()).isEqualTo("mine");
  }

  @Test
  void readsSecretsOfTheOperator() {
    String values =
        """
        worker: {admin: {existingSecret: admins}}
        nats:
          auth: {method: user, existingSecret: logins}
          tls: {existingSecret: stores, trustStore: {enabled: true}, keyStore: {enabled: true}}
        """;
    Map<String, String> secrets =
        variables(values).values().stream()
            .filter(one -> one.getValueFrom() != null)
            .filter(one -> one.getValueFrom().getSecretKeyRef() != null)
            .collect(
                Collectors.toMap(
                    EnvVar::getName,
                    one ->
                        one.getValueFrom().getSecretKeyRef().getName()
                            + "/"
                            + one.getValueFrom().getSecretKeyRef().getKey()));
    assertThat(secrets)
        .containsOnly(
            Map.entry("WORKER_ADMIN_PASSWORD", "admins/admin-password"),
            Map.entry("NATS_SPRING_USERNAME", "logins/username"),
            Map.entry("NATS_SPRING_PASSWORD", "logins/password"),
            Map.entry("NATS_SPRING_TRUST_STORE_PASSWORD", "stores/truststore-password"),
            Map.entry("NATS_SPRING_KEY_STORE_PASSWORD", "stores/keystore-password"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "user        | {username: u, password: p.w} | NATS_SPRING_USERNAME=u NATS_SPRING_PASSWORD=p.w",
        "user        | {password: p} | NATS_SPRING_USERNAME=username NATS_SPRING_PASSWORD=p",
        "token       | {token: t}    | NATS_SPRING_TOKEN=t",
        "nkey        | {nkey: seed}  | NATS_SPRING_NKEY=seed",
        "credentials | {credentials: w.creds} | ''",
      })
  void findsLoginsByTheirKeys(String method, String keys, String expected) {
    Manifests rendered =
        Manifests.of(
            Chart.render(
                "nats: {auth: {method: %s, existingSecret: s, keys: %s}}".formatted(method, keys)));
    assertThat(
            rendered.worker().getEnv().stream()
                .filter(one -> one.getValueFrom() != null)
                .filter(one -> one.getValueFrom().getSecretKeyRef() != null)
                .map(one -> one.getName() + "=" + one.getValueFrom().getSecretKeyRef().getKey())
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected.replace("'", ""));
    if (method.equals("credentials")) {
      var item = volume(rendered, "nats-credentials").getSecret().getItems().getFirst();
      assertThat(item.getKey()).isEqualTo("w.creds");
      assertThat(item.getPath()).isEqualTo("nats.creds");
    }
  }

  @Test
  void findsThePasswordOfTheAdministratorByItsKey() {
    assertThat(adminKey("{existingSecret: s, existingSecretKey: pw}")).isEqualTo("pw");
    assertThat(adminKey("{existingSecret: s}")).isEqualTo("admin-password");
    assertThat(adminKey("{password: p}")).isEqualTo("admin-password");
  }

  @Test
  void takesVariablesFromSecretsAndConfigMaps() {
    var sources =
        Manifests.of(
                Chart.render(
                    "envFrom: [{secretRef: {name: s}}, {prefix: A_, configMapRef: {name: c}}]"))
            .worker()
            .getEnvFrom();
    assertThat(sources.getFirst().getSecretRef().getName()).isEqualTo("s");
    assertThat(sources.getLast().getConfigMapRef().getName()).isEqualTo("c");
    assertThat(sources.getLast().getPrefix()).isEqualTo("A_");
  }

  @Test
  void replacesPodsAsTheOperatorSays() {
    assertThat(strategy("updateStrategy: {type: Recreate}").getType()).isEqualTo("Recreate");
    assertThat(strategy("updateStrategy: {type: Recreate}").getRollingUpdate()).isNull();
    var surge = strategy("updateStrategy: {rollingUpdate: {maxSurge: 50%}}").getRollingUpdate();
    assertThat(surge.getMaxSurge().getStrVal()).isEqualTo("50%");
    assertThat(surge.getMaxUnavailable().getIntVal()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tag: '1.10'                    | worker:1.10             | 1.10",
        "tag: '20261130'                | worker:20261130         | 20261130",
        "tag: _main-                    | worker:_main-           | main",
        "tag: 1.2.0@sha256:D            | worker:1.2.0@sha256:D   | 1.2.0",
        "digest: sha256:D               | worker@sha256:D         | 0.1.0",
        "{tag: v1, digest: sha256:D}    | worker:v1@sha256:D      | v1",
      })
  void takesImageTagsOfAnyLegalForm(String values, String image, String label) {
    String digest = "0".repeat(64);
    String of = values.startsWith("{") ? values : "{" + values + "}";
    Manifests rendered =
        Manifests.of(Chart.render("image: " + of.replace("256:D", "256:" + digest)));
    rendered.documents().forEach(StrictModel::check);
    assertThat(rendered.worker().getImage())
        .isEqualTo("beamline-" + image.replace("256:D", "256:" + digest));
    assertThat(rendered.one(Deployment.class).getMetadata().getLabels())
        .extractingByKey("app.kubernetes.io/version")
        .asString()
        .startsWith(label)
        .matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
  }

  @Test
  void shortensALongTagToALabel() {
    String tag = "a".repeat(62) + "_" + "b".repeat(65);
    assertThat(
            Manifests.of(Chart.render("image: {tag: '" + tag + "'}"))
                .one(Deployment.class)
                .getMetadata()
                .getLabels())
        .containsEntry("app.kubernetes.io/version", "a".repeat(62));
  }

  @Test
  void addsObjectsOfTheOperator() {
    Manifests rendered =
        Manifests.of(
            Chart.render(
                """
                extraObjects:
                  - apiVersion: v1
                    kind: Secret
                    metadata: {name: more, annotations: {says: "{{ $labels.instance }}"}}
                    data: {a: QUJD}
                  - |
                    apiVersion: v1
                    kind: Secret
                    metadata:
                      name: {{ include "beamline-worker.fullname" . }}-text
                """));
    rendered.documents().forEach(StrictModel::check);
    assertThat(rendered.all(Secret.class))
        .extracting(secret -> secret.getMetadata().getName())
        .containsExactlyInAnyOrder("more", "rel-beamline-worker-text");
  }

  @Test
  void keepsSecretsOutOfTheConfiguration() {
    String values =
        """
        worker: {admin: {password: hush-1}}
        nats:
          auth: {method: user, username: u, password: hush-2}
          tls: {trustStore: {enabled: true, content: QUJD, password: hush-3}}
        """;
    List<String> shown =
        Manifests.of(Chart.render(values)).documents().stream().map(Object::toString).toList();
    assertThat(shown).noneMatch(text -> text.contains("hush"));
  }

  private static String adminKey(String admin) {
    return Manifests.of(Chart.render("worker: {admin: " + admin + "}")).worker().getEnv().stream()
        .filter(one -> one.getName().equals("WORKER_ADMIN_PASSWORD"))
        .map(one -> one.getValueFrom().getSecretKeyRef().getKey())
        .findFirst()
        .orElseThrow();
  }

  private static DeploymentStrategy strategy(String values) {
    return Manifests.of(Chart.render(values)).one(Deployment.class).getSpec().getStrategy();
  }

  private static Volume volume(Manifests rendered, String name) {
    return rendered.pod().getVolumes().stream()
        .filter(volume -> volume.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> annotations(String values) {
    Deployment deployment = Manifests.of(Chart.render(values)).one(Deployment.class);
    return deployment.getSpec().getTemplate().getMetadata().getAnnotations();
  }

  private static Map<String, EnvVar> variables(String values) {
    return Manifests.of(Chart.render(values)).worker().getEnv().stream()
        .collect(Collectors.toMap(EnvVar::getName, variable -> variable));
  }
}
