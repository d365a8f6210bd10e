package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.PostgresServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * SQL steps of the packaged worker succeed, time out, are cancelled, and outlive their database.
 */
class SqlIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SECRET = "not-to-be-shown";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void runsStatementsAndOutlivesItsDatabase() throws Exception {
    try (NatsServer nats = NatsServer.start();
        PostgresServer postgres = PostgresServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        WorkerProcess worker =
            WorkerProcess.of(nats.url())
                .env("WORKER_ID", "one")
                .allFlags(true)
                .env("WORKER_DESTINATIONS_RETRY_MINIMUM", "100000")
                .env("WORKER_DESTINATIONS_BREAKER_OPEN_FOR", "500ms")
                .env("WORKER_BLOCKS_SQL_DATASOURCES_ORDERS_URL", postgres.url())
                .env("WORKER_BLOCKS_SQL_DATASOURCES_ORDERS_USERNAME", "postgres")
                .env("WORKER_BLOCKS_SQL_DATASOURCES_ORDERS_PASSWORD", SECRET)
                .env("WORKER_BLOCKS_SQL_DATASOURCES_ORDERS_MAX_CONNECTIONS", "4")
                .env("WORKER_BLOCKS_SQL_DATASOURCES_ORDERS_READ_ONLY", "false")
                .env("WORKER_DESTINATIONS_OVERRIDES_DB_MATCH", "sql:orders")
                .start()) {
      assertThat(shown(worker).has("reachable")).isFalse();
      Answer first =
          answer(router, "select 12345678901234567890.10 as n, :x::text as x", Map.of("x", "y"));
      assertThat(first.status()).isEqualTo("success");
      assertThat(new String(first.result().orElseThrow().body(), UTF_8))
          .contains("\"rows\":[{\"n\":12345678901234567890.10,\"x\":\"y\"}]");
      assertThat(shown(worker).path("reachable").booleanValue(false)).isTrue();
      assertThat(worker.metric("worker_sql_connections", "datasource=\"orders\"")).isEqualTo(1);

      Answer late =
          router.awaitResult(
              router.assign(step("select pg_sleep(60)", Map.of()).deadlineMs(1_000).maxAttempts(1)),
              SOON);
      assertThat(late.status()).isEqualTo("timeout");
      // A busy machine may cut the attempt before the block has ended it.
      assertThat(late.resultJson().at("/error/details/operation_type").stringValue(""))
          .isIn("sql_query", "sql.query");
      await(() -> sleeping(postgres) == 0);

      String cancelled = router.assign(step("select pg_sleep(61)", Map.of()).deadlineMs(600_000));
      await(() -> sleeping(postgres) == 1);
      new Operator(worker).post("/actuator/assignments/" + cancelled, "{\"cancel\": true}");
      Answer ended = router.awaitResult(cancelled, SOON);
      assertThat(ended.errorCode()).isEqualTo("CANCELLED_BY_USER");
      assertThat(ended.resultJson().at("/error/details/effect").stringValue(""))
          .isEqualTo("unknown");
      await(() -> sleeping(postgres) == 0);
      await(() -> worker.metric("worker_sql_stuck_threads") == 0);

      List<String> ids =
          IntStream.range(0, 200)
              .mapToObj(
                  i ->
                      router.assign(
                          step("select pg_sleep(0.05)", Map.of())
                              .deadlineMs(60_000)
                              .maxAttempts(20)))
              .toList();
      await(() -> worker.metric("worker_sql_connections", "state=\"active\"") > 0);
      postgres.kill();
      await(() -> !shown(worker).path("reachable").booleanValue(true));
      assertThat(worker.ready()).isTrue();
      postgres.restart();
      router.awaitAll(ids, SOON);
      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(worker.metrics()).contains("worker_destination_state{destination=\"db\"}");
      assertThat(worker.log()).contains("Datasource cannot be reached").doesNotContain(SECRET);
      assertThat(worker.stderr()).isEmpty();
      router.assertClean();
    }
  }

  private static Answer answer(RouterStandIn router, String query, Map<String, String> params) {
    return router.awaitResult(router.assign(step(query, params)), SOON);
  }

  private static Assignments step(String query, Map<String, String> params) {
    return Assignments.of("sql.query").input("query", query).input("params", params);
  }

  private static JsonNode shown(WorkerProcess worker) {
    return JSON.readTree(worker.get(worker.managementUri("/actuator/health")).body())
        .at("/components/sql/details/orders");
  }

  private static int sleeping(PostgresServer postgres) throws SQLException {
    String query = "select count(*) from pg_stat_activity where query like 'select pg_sleep(6%'";
    try (Connection connection = DriverManager.getConnection(postgres.url(), "postgres", "");
        ResultSet rows =
            connection.createStatement().executeQuery(query + " and state = 'active'")) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(SOON).pollInterval(50, TimeUnit.MILLISECONDS).until(condition);
  }
}
