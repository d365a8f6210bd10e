package io.beamline.worker.block.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.config.DatasourceSettings;
import io.beamline.worker.config.SqlBlockProperties;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonWriter;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.support.Calls;
import io.beamline.worker.support.ReadableOutputs;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The block with real databases, and short ways to call it. */
final class SqlFixture implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration LONG = Duration.ofSeconds(20);

  /** The largest result that can be published. */
  volatile long maxResult = 1 << 20;

  final SqlDatabases databases;
  final SqlQueryBlock block;

  private SqlFixture(Map<String, String> settings) {
    databases =
        new SqlDatabases(
            DatasourceSettings.of(new SqlBlockProperties(settings)),
            TimeSource.system(),
            new LogThrottle(TimeSource.system(), Duration.ofSeconds(1)));
    block = new SqlQueryBlock(databases, () -> maxResult, ClientSpans.OFF, TimeSource.system());
  }

  /** Databases by their settings: name, setting, value, and so on. */
  static SqlFixture of(String... settings) {
    Map<String, String> all = new TreeMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return new SqlFixture(all);
  }

  /** The whole result of a call. */
  JsonNode result(String payload) throws StepFailure, InterruptedException {
    return JSON.readTree(text(payload));
  }

  /** The rows of a query as text, as they are published. */
  String rows(String payload) throws StepFailure, InterruptedException {
    try (Outputs outputs = run(payload, LONG, Deadline.never())) {
      return ((RawJson) Objects.requireNonNull(ReadableOutputs.of(outputs).get("rows"))).text();
    }
  }

  /** The value of the first column of the first row, as it is published. */
  String value(String query) throws StepFailure, InterruptedException {
    return value(query, "orders");
  }

  /** The value of the first column of the first row, from one of several datasources. */
  String value(String query, String datasource) throws StepFailure, InterruptedException {
    JsonNode payload = JSON.createObjectNode().put("query", query).put("datasource", datasource);
    String rows = rows(payload.toString());
    return rows.replaceAll("(?s)^\\[\\{\"[^\"]*\":(.*)}]$", "$1");
  }

  private String text(String payload) throws StepFailure, InterruptedException {
    try (Outputs outputs = run(payload, LONG, Deadline.never())) {
      Map<String, Object> values = ReadableOutputs.of(outputs);
      return new String(JsonWriter.object(json -> values.forEach(json::value)), UTF_8);
    }
  }

  Outputs run(String payload, Duration timeout, Deadline deadline)
      throws StepFailure, InterruptedException {
    return block.run(call(payload, timeout, deadline));
  }

  static BlockCall call(String payload, Duration timeout, Deadline deadline) {
    return Calls.of(
        "assignment-1", new RawJson(payload), OperationTimeouts.cp1(timeout), deadline, false);
  }

  StepFailure failure(String payload) {
    return failure(payload, LONG, Deadline.never());
  }

  StepFailure failure(String payload, Duration timeout, Deadline deadline) {
    return Assertions.catchThrowableOfType(
        StepFailure.class, () -> run(payload, timeout, deadline));
  }

  static Deadline deadlineIn(Duration time) {
    return Deadline.after(TimeSource.system().nanos(), time);
  }

  @Override
  public void close() {
    databases.close();
  }
}
