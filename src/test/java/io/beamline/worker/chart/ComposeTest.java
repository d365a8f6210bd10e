package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.chart.Compose.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What can be said of the Compose file without an engine. */
class ComposeTest {

  private static final Path SETTINGS = Path.of("src", "main", "resources", "application.yml");

  /** What the Compose specification calls the parts that the file uses. */
  private static final Set<String> PARTS_OF_SERVICES =
      Set.of(
          "image",
          "build",
          "command",
          "depends_on",
          "environment",
          "ports",
          "read_only",
          "tmpfs",
          "volumes",
          "mem_limit",
          "stop_grace_period",
          "healthcheck");

  private final JsonNode compose = Compose.read();

  @Test
  void hasOnlyPartsOfTheSpecification() {
    assertThat(compose.propertyNames()).containsExactly("name", "services", "volumes");
    assertThat(compose.path("services").propertyNames())
        .containsExactly("nats", "worker", "prometheus", "grafana");
    assertThat(compose.path("services").values())
        .allSatisfy(service -> assertThat(PARTS_OF_SERVICES).containsAll(service.propertyNames()))
        .allSatisfy(
            service -> assertThat(service.path("image").stringValue()).doesNotEndWith(":latest"));
  }

  @Test
  void mountsOnlyWhatIsThere() {
    List<Mount> files = Compose.mounts().stream().filter(Mount::isFile).toList();
    Set<String> volumes =
        Compose.mounts().stream()
            .filter(mount -> !mount.isFile())
            .map(Mount::source)
            .collect(Collectors.toSet());

    assertThat(files).hasSize(5).allMatch(mount -> mount.mode().equals("ro"));
    assertThat(files).allSatisfy(mount -> assertThat(mount.file()).isRegularFile());
    assertThat(compose.path("volumes").propertyNames()).hasSameElementsAs(volumes);
  }

  @Test
  void buildsTheWorkerFromThisRepository() {
    Path context = Compose.FOLDER.resolve(Compose.service("worker").path("build").stringValue());

    assertThat(context.resolve("Dockerfile")).isRegularFile();
  }

  @Test
  void givesTheWorkerOnlySettingsThatItHas() throws IOException {
    String settings = Files.readString(SETTINGS);
    Set<String> variables =
        Stream.concat(
                Settings.of(settings).keySet().stream().map(ComposeTest::variable),
                Stream.of("WORKER_ID", "NATS_URL"))
            .collect(Collectors.toSet());

    assertThat(variables)
        .containsAll(Compose.service("worker").path("environment").propertyNames());
    assertThat(settings).contains("${NATS_URL:").contains("\n  id: ");
    assertThat(Compose.service("worker").at("/environment/NATS_URL").stringValue())
        .isEqualTo("nats://nats:4222");
  }

  @Test
  void opensItsPortsToThisMachineOnly() throws IOException {
    List<String> ports =
        compose.findValues("ports").stream()
            .flatMap(list -> list.values().stream())
            .map(JsonNode::stringValue)
            .toList();
    String settings = Files.readString(SETTINGS);

    assertThat(ports)
        .containsExactly(
            "127.0.0.1:4222:4222",
            "127.0.0.1:9091:9091",
            "127.0.0.1:9092:9092",
            "127.0.0.1:9090:9090",
            "127.0.0.1:3000:3000");
    assertThat(settings).contains("port: 9091", "port: 9092");
  }

  @Test
  void hasPrometheusReadItsConfigurationAndTheAlerts(@TempDir Path folder) throws IOException {
    List<Mount> mounts =
        Compose.mounts().stream()
            .filter(mount -> mount.target().startsWith("/etc/prometheus/"))
            .toList();
    for (Mount mount : mounts) {
      Files.copy(mount.file(), folder.resolve(Path.of(mount.target()).getFileName()));
    }

    String config = folder.resolve("prometheus.yml").toString();

    assertThat(Promtool.run("check", "config", config))
        .contains("SUCCESS: 1 rule files found")
        .contains(Alerts.all().size() + " rules found");
    assertThat(Compose.read("prometheus.yaml").at("/scrape_configs/0/metrics_path").stringValue())
        .isEqualTo(
            Manifests.of(Chart.render("serviceMonitor: {enabled: true}"))
                .custom("ServiceMonitor")
                .at("/spec/endpoints/0/path")
                .stringValue());
  }

  @Test
  void hasGrafanaShowTheDashboardWithThatPrometheus() {
    JsonNode source = Compose.read("grafana/datasources.yaml").at("/datasources/0");
    JsonNode variable = Dashboard.read().at("/templating/list/0");
    Path folder =
        Path.of(
            Compose.read("grafana/dashboards.yaml").at("/providers/0/options/path").stringValue());
    Mount dashboard =
        Compose.mounts().stream()
            .filter(mount -> mount.file().endsWith("files/dashboard.json"))
            .findFirst()
            .orElseThrow();

    assertThat(variable.path("type").stringValue()).isEqualTo("datasource");
    assertThat(variable.path("query").stringValue()).isEqualTo(source.path("type").stringValue());
    assertThat(source.path("isDefault").booleanValue()).isTrue();
    assertThat(source.path("url").stringValue()).isEqualTo("http://prometheus:9090");
    assertThat(Path.of(dashboard.target()).getParent()).isEqualTo(folder);
    assertThat(Compose.service("grafana").path("environment").values())
        .extracting(JsonNode::stringValue)
        .contains(dashboard.target());
  }

  private static String variable(String setting) {
    return setting.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
