package io.beamline.worker.chart;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** The chart, rendered as Helm would for a release {@code rel} in {@code beamline}. */
public final class Chart {

  /** The chart's folder. */
  public static final Path FOLDER = Path.of("helm", "beamline-worker").toAbsolutePath();

  /** Every optional part that can be on together with the others. */
  static final String EVERYTHING =
      """
      autoscaling: {enabled: true, targetCPUUtilizationPercentage: 80}
      podDisruptionBudget: {enabled: true}
      serviceMonitor: {enabled: true, labels: {release: prometheus}}
      prometheusRule: {enabled: true, runbookBaseUrl: "https://git.example.org/worker/"}
      dashboard: {enabled: true, annotations: {folder: Beamline}}
      persistence: {enabled: true, storageClass: files, annotations: {kept: "yes"}}
      networkPolicy:
        enabled: true
        consoleFrom: [{podSelector: {matchLabels: {app: gateway}}}]
        metricsFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}]
        natsTo: [{namespaceSelector: {matchLabels: {name: nats}}}]
        dnsTo: [{namespaceSelector: {matchLabels: {name: kube-system}}}]
      image: {digest: "sha256:%s"}
      imagePullSecrets: [{name: registry}]
      commonLabels: {team: routing}
      flags: {CP2_ADVANCED_RETRY_ENABLED: true}
      nats:
        auth: {method: user, username: worker, password: secret}
        tls:
          trustStore: {enabled: true, content: QUJD, password: secret}
          keyStore: {enabled: true, content: QUJD, password: secret}
      worker: {admin: {password: secret}, features: {store: nats-kv}}
      extraEnv: [{name: TZ, value: UTC}]
      extraVolumes: [{name: more, emptyDir: {}}]
      extraVolumeMounts: [{name: more, mountPath: /more}]
      nodeSelector: {disk: fast}
      tolerations: [{key: batch, operator: Exists}]
      affinity: {nodeAffinity: {}}
      priorityClassName: high
      podAnnotations: {a: b}
      podLabels: {c: d}
      serviceAccount: {annotations: {e: f}}
      service: {annotations: {g: h}}
      """
          .formatted("0".repeat(64));

  private static final String HOOK = "helm.sh/hook: test";
  private static final Path HOOK_FILE = Path.of("templates", "tests", "connection.yaml");
  private static final String KUBERNETES = "1.33.0";

  private Chart() {}

  /** What Helm's linter says, warnings being faults. */
  static LintResult lint() {
    return new Helm(FOLDER).lint().strict().call();
  }

  /**
   * All objects as YAML, the pod of {@code helm test} among them, which Helm keeps apart.
   *
   * @param values what differs from values.yaml, as YAML
   * @throws IllegalStateException when the schema or the chart refuses the values
   */
  public static String render(String values) {
    return using(
        values,
        (folder, file) ->
            new Helm(withoutHook(folder))
                .template()
                .withName("rel")
                .withNamespace("beamline")
                .withKubeVersion(KUBERNETES)
                .withValuesFile(file)
                .call());
  }

  /** What an operator reads after the installation. */
  public static String notes(String values) {
    String output =
        using(
            values,
            (folder, file) ->
                new Helm(FOLDER)
                    .install()
                    .withName("rel")
                    .withNamespace("beamline")
                    .clientOnly()
                    .withDryRunOption(DryRun.CLIENT)
                    .withKubeVersion(KUBERNETES)
                    .withValuesFile(file)
                    .debug()
                    .call()
                    .getOutput());
    return output.substring(output.lastIndexOf("NOTES:"));
  }

  /** The worker's configuration file as it is mounted. */
  public static String applicationYml(String values) {
    return Manifests.of(render(values)).text("rel-beamline-worker", "application.yml");
  }

  private static Path withoutHook(Path folder) throws IOException {
    Path copy = folder.resolve("beamline-worker");
    FileSystemUtils.copyRecursively(FOLDER, copy);
    Path hook = copy.resolve(HOOK_FILE);
    String text = Files.readString(hook);
    if (!text.contains(HOOK)) {
      throw new IllegalStateException(HOOK_FILE + " is no hook of helm test");
    }
    Files.writeString(hook, text.replace(HOOK, "was-hook: test"));
    return copy;
  }

  private static String using(String values, Call call) {
    try {
      Path folder = Files.createTempDirectory("beamline-chart-");
      try {
        return call.with(folder, Files.writeString(folder.resolve("values.yaml"), values));
      } finally {
        FileSystemUtils.deleteRecursively(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Call {
    String with(Path folder, Path values) throws IOException;
  }
}
