package io.beamline.worker.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.config.ConfiguredTypes;
import io.beamline.worker.config.DatasourceSettings;
import io.beamline.worker.config.DestinationOverride;
import io.beamline.worker.config.DestinationOverrideSettings;
import io.beamline.worker.config.DestinationProperties;
import io.beamline.worker.config.RetryOverrideSettings;
import io.beamline.worker.config.RetryProperties;
import io.beamline.worker.config.SqlBlockProperties;
import io.beamline.worker.config.StepTypeProperties;
import io.beamline.worker.config.StepTypeSettings;
import io.beamline.worker.destination.BreakerRule;
import io.beamline.worker.destination.DestinationLimits;
import io.beamline.worker.retry.Jitter;
import io.beamline.worker.retry.RetryOverride;
import io.beamline.worker.retry.RetryOverrides;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;
import tools.jackson.databind.JsonNode;

/** What the worker can be told, the chart can be told; and both mean the same. */
class ChartValuesTest {

  /** What the chart decides otherwise: what NATS needs, and what a pod can write to. */
  private static final Set<String> OTHERWISE =
      Set.of(
          "nats.spring.server",
          "worker.nats.provision",
          "worker.blocks.fs.roots",
          "worker.plugins.directory");

  private final JsonNode values = Manifests.tree(read(Chart.FOLDER.resolve("values.yaml")));
  private final JsonNode schema = Manifests.tree(read(Chart.FOLDER.resolve("values.schema.json")));
  private final Map<String, String> defaults =
      Settings.of(read(Path.of("src/main/resources/application.yml")));

  @Test
  void hasAValueForEverySetting() {
    assertThat(defaults)
        .hasSizeGreaterThan(50)
        .allSatisfy(
            (setting, text) -> assertThat(Settings.value(values, setting)).as(setting).isPresent());
  }

  @Test
  void hasTheWorkersOwnDefaults() {
    Map<String, String> ofTheChart = new TreeMap<>();
    defaults
        .keySet()
        .forEach(
            setting ->
                Settings.value(values, setting)
                    .ifPresent(value -> ofTheChart.put(setting, Settings.text(value))));
    Map<String, String> ofTheWorker = new TreeMap<>(defaults);
    OTHERWISE.forEach(ofTheChart::remove);
    OTHERWISE.forEach(ofTheWorker::remove);
    assertThat(ofTheChart).isEqualTo(ofTheWorker);
    assertThat(values.at("/worker/nats/provision").asBoolean()).isFalse();
    assertThat(values.at("/worker/plugins/directory").stringValue()).isEqualTo("/app/plugins");
  }

  @Test
  void rendersEverySettingUnderItsName() {
    Map<String, String> expected = new TreeMap<>(defaults);
    OTHERWISE.forEach(expected::remove);
    expected.remove("worker.admin.password");
    expected.remove("worker.blocks.http.proxy.password");
    assertThat(Settings.of(Chart.applicationYml(""))).containsAllEntriesOf(expected);
  }

  @Test
  void rendersWhatAnOperatorSets() {
    String yml =
        Chart.applicationYml(
            """
            worker:
              nats: {maxAckPending: 1000000}
              retry: {multiplier: 1.5, retryableCodes: [QUOTA_EXCEEDED, INTERNAL_ERROR]}
              blocks: {http: {deniedHosts: [10.0.0.0/8, "*.internal"]}, nats: {allowedSubjects: [a.>, "b.*"]}}
            """);
    assertThat(Settings.of(yml))
        .containsEntry("worker.nats.max-ack-pending", "1000000")
        .containsEntry("worker.retry.multiplier", "1.5")
        .containsEntry("worker.retry.retryable-codes", "QUOTA_EXCEEDED,INTERNAL_ERROR")
        .containsEntry("worker.blocks.http.denied-hosts", "10.0.0.0/8,*.internal")
        .containsEntry("worker.blocks.nats.allowed-subjects", "a.>,b.*");
  }

  @Test
  void rendersSharesOfFlags() {
    assertThat(Settings.of(Chart.applicationYml("flags: {CP2_CANCELLATION_ENABLED: 0.5%}")))
        .containsEntry("CP2_CANCELLATION_ENABLED", "0.5%")
        .containsEntry("CP2_ADVANCED_RETRY_ENABLED", "false");
  }

  @Test
  void rendersRetrySettingsOfTypesAndStatusesAsTheWorkerReadsThem() throws IOException {
    String yml =
        Chart.applicationYml(
            """
            worker:
              retry:
                types: {fs.blob_put: {maxAttempts: 10, baseDelay: 1s}}
                statuses: {429: {jitter: equal}}
            """);
    RetryProperties settings =
        Binder.get(environment(yml))
            .bindOrCreate("worker.retry", Bindable.of(RetryProperties.class));

    RetryOverrideSettings.refuseUnknownTypes(settings, List.of("echo", "fs.blob_put"));
    assertThat(RetryOverrideSettings.of(settings, ConfiguredTypes.NONE))
        .isEqualTo(
            new RetryOverrides(
                Map.of(
                    RetryOverrides.key("fs.blob_put"),
                    new RetryOverride(10, Duration.ofSeconds(1), null, null, null)),
                Map.of(429, new RetryOverride(null, null, null, null, Jitter.EQUAL))));
  }

  @Test
  void rendersStepTypesAsTheWorkerReadsThem() throws IOException {
    String yml =
        Chart.applicationYml(
            """
            worker:
              types:
                orders.find:
                  block: http.request
                  inputs: {url: "http://a/<{tenant_id}>", max_rows: 5, headers: {X-Key: "a"}}
                  payloadAs: body
                  outputsFrom: /body
                  cost: /usage/cost
                  retry: {maxAttempts: 2}
                  timeout: 2s
            """);

    assertThat(StepTypeSettings.read(environment(yml)).byName())
        .containsExactly(
            Map.entry(
                "orders.find",
                new StepTypeProperties(
                    "http.request",
                    Map.of(
                        "url",
                        "http://a/<{tenant_id}>",
                        "max_rows",
                        5,
                        "headers",
                        Map.of("X-Key", "a")),
                    "body",
                    "/body",
                    List.of(),
                    Map.of("maxAttempts", "2"),
                    Duration.ofSeconds(2),
                    "/usage/cost")));
  }

  @Test
  void rendersOverridesOfDestinationsAsTheWorkerReadsThem() throws IOException {
    String yml =
        Chart.applicationYml(
            """
            worker:
              destinations:
                maxRate: 7
                overrides:
                  share: {match: /data, maxConcurrency: 8, breaker: {openFor: 1m}}
            """);
    DestinationProperties settings =
        Binder.get(environment(yml))
            .bindOrCreate("worker.destinations", Bindable.of(DestinationProperties.class));

    assertThat(DestinationOverrideSettings.of(settings))
        .containsExactly(
            new DestinationOverride(
                "share",
                "/data",
                new DestinationLimits(
                    new BreakerRule(20, 5, 50, Duration.ofMinutes(1), 3), 8, 7, 20, 10)));
  }

  @Test
  void rendersDatasourcesAsTheWorkerReadsThem() throws IOException {
    String values =
        """
        worker:
          blocks:
            sql:
              datasources:
                orders:
                  url: jdbc:postgresql://db/orders
                  username: worker
                  passwordSecret: {name: orders-db, key: pass}
                  maxConnections: 9
                  readOnly: false
                  properties: {sslmode: verify-full, socketTimeout: 7}
                other: {url: "jdbc:mariadb://db/other"}
        """;
    SqlBlockProperties settings =
        Binder.get(environment(Chart.applicationYml(values)))
            .bindOrCreate("worker.blocks.sql", Bindable.of(SqlBlockProperties.class));

    assertThat(DatasourceSettings.of(settings))
        .containsExactly(
            new DatasourceSettings(
                "orders",
                "jdbc:postgresql://db/orders",
                "worker",
                "",
                9,
                false,
                Map.of("sslmode", "verify-full", "socketTimeout", "7")),
            new DatasourceSettings("other", "jdbc:mariadb://db/other", "", "", 5, true, Map.of()));
    assertThat(Chart.render(values))
        .contains("WORKER_BLOCKS_SQL_DATASOURCES_ORDERS_PASSWORD", "name: orders-db", "key: pass")
        .doesNotContain("DATASOURCES_OTHER_PASSWORD", "passwordSecret");
  }

  @Test
  void describesEveryValueInTheSchema() {
    List<String> undescribed = new ArrayList<>();
    compare("", values, schema, undescribed);
    assertThat(undescribed).isEmpty();
  }

  @Test
  void explainsEveryValueOfTheWorker() {
    List<String> lines = read(Chart.FOLDER.resolve("values.yaml")).lines().toList();
    List<String> unexplained = new ArrayList<>();
    for (int line = lines.indexOf("worker:"); line < lines.indexOf("logging:"); line++) {
      String text = lines.get(line);
      boolean leaf = !text.isBlank() && !text.strip().startsWith("#") && !text.endsWith(":");
      if (leaf && !lines.get(line - 1).strip().startsWith("#")) {
        unexplained.add(text);
      }
    }
    assertThat(unexplained).isEmpty();
  }

  private static StandardEnvironment environment(String yml) throws IOException {
    StandardEnvironment environment = new StandardEnvironment();
    new YamlPropertySourceLoader()
        .load("chart", new ByteArrayResource(yml.getBytes(UTF_8)))
        .forEach(environment.getPropertySources()::addFirst);
    return environment;
  }

  /** Where the schema names properties it allows no others, so each value must be among them. */
  private static void compare(String path, JsonNode value, JsonNode schema, List<String> found) {
    if (!value.isObject() || !schema.has("properties")) {
      return;
    }
    if (schema.path("additionalProperties").asBoolean(true)) {
      found.add(path + " allows anything");
    }
    value
        .properties()
        .forEach(
            entry -> {
              JsonNode described = schema.path("properties").path(entry.getKey());
              if (described.isMissingNode()) {
                found.add(path + "/" + entry.getKey());
              } else {
                compare(path + "/" + entry.getKey(), entry.getValue(), described, found);
              }
            });
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
