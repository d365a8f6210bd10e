package io.beamline.worker.block.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.destination.AttemptVerdict;
import io.beamline.worker.support.Databases;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.NetworkProxy;
import io.beamline.worker.support.TestDatabase;
import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Statements on PostgreSQL: what may run, how long, how much of it, and how it fails. */
class PostgresQueryTest {

  private static final String SLEEP =
      "{\"query\": \"select pg_sleep(60)\", \"datasource\": \"ro\"}";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long LATE_MS = 100;

  private static TestDatabase database;

  private NetworkProxy network;
  private SqlFixture sql;

  @BeforeAll
  static void create() {
    database = Databases.postgres();
    database.execute("create table t (id int primary key, name text)", "create sequence s");
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  @BeforeEach
  void start() {
    database.execute("delete from t", "insert into t values (1, 'a')");
    network = NetworkProxy.before(database.port());
    sql =
        SqlFixture.of(
            "ro.url", database.url() + "?ApplicationName=ro",
            "ro.username", database.username(),
            "rw.url", database.url(),
            "rw.username", database.username(),
            "rw.read-only", "false",
            "far.url", database.urlAt(network.port()),
            "far.username", database.username(),
            "far.max-connections", "2",
            "away.url", "jdbc:postgresql://127.0.0.1:1/x");
  }

  @AfterEach
  void close() {
    sql.close();
    network.close();
  }

  @Test
  void runsAWriteOnlyWhereTheDatasourceAndTheStepAllowIt() throws Exception {
    JsonNode changed =
        sql.result(
            """
            {"datasource": "rw", "read_only": false, "query": "insert into t values (2, 'b'), (3, 'c')"}
            """);
    assertThat(changed.toString())
        .isEqualTo(
            "{\"columns\":[],\"rows\":[],\"row_count\":0,\"affected_rows\":2,\"truncated\":false}");
    assertThat(database.value("select count(*) from t")).isEqualTo("3");

    StepFailure byStep = sql.failure("{\"connection\": \"rw\", \"query\": \"delete from t\"}");
    assertThat(byStep.error().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(byStep.error().details()).containsEntry("sql_state", "25006");
    StepFailure byDatasource =
        sql.failure("{\"datasource\": \"ro\", \"query\": \"select 1\", \"read_only\": false}");
    assertThat(byDatasource.error().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(byDatasource.error().details()).containsOnly(Map.entry("datasource", "ro"));
    assertThat(database.value("select count(*) from t")).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from t",
        "insert into t values (5) returning id",
        "with gone as (delete from t returning id) select * from gone",
        "do $$ begin delete from t; end $$",
        "create table x (id int)",
        "truncate t",
        "drop table t",
        "select nextval('s')",
      })
  void letsTheDatabaseRefuseAWriteOfAReader(String query) {
    StepFailure failure = sql.failure("{\"datasource\": \"ro\", \"query\": \"" + query + "\"}");
    assertThat(failure.error().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(failure.verdict()).isEqualTo(AttemptVerdict.WORKED);
    assertThat(database.value("select count(*) from t")).isEqualTo("1");
  }

  @Test
  void keepsNothingThatAStatementLeavesInItsSession() throws Exception {
    for (String query :
        new String[] {
          "set session characteristics as transaction read write",
          "set transaction read write",
          "set search_path = pg_catalog",
          "commit",
          "select set_config('search_path', 'pg_catalog', false)"
        }) {
      sql.result("{\"datasource\": \"ro\", \"query\": \"" + query + "\"}");
      assertThat(sql.rows("{\"datasource\": \"ro\", \"query\": \"select name from t\"}"))
          .isEqualTo("[{\"name\":\"a\"}]");
      assertThat(
              sql.failure("{\"datasource\": \"ro\", \"query\": \"delete from t\"}").error().code())
          .isEqualTo(ErrorCode.PERMISSION_DENIED);
    }
  }

  /** The next step may be another tenant's; its connection is the same one. */
  @Test
  void leavesNoLockAndNoSettingToTheNextStep() throws Exception {
    String self = "select pg_backend_pid() as pid";
    String before = sql.value(self, "ro");

    sql.value("select pg_advisory_lock(4711)", "ro");
    sql.result(
        "{\"datasource\": \"rw\", \"read_only\": false,"
            + " \"query\": \"select set_config('statement_timeout', '1', false)\"}");

    assertThat(sql.value(self, "ro")).isEqualTo(before);
    assertThat(database.value("select count(*) from pg_locks where locktype = 'advisory'"))
        .isEqualTo("0");
    assertThat(sql.value("select current_setting('statement_timeout') as t", "rw"))
        .isEqualTo("\"0\"");
    assertThat(sql.value("select current_setting('timezone') as t", "rw")).isEqualTo("\"UTC\"");
  }

  @Test
  void letsNoBlockOfCodeBecomeAWriter() {
    StepFailure failure =
        sql.failure(
            """
            {"datasource": "ro",
             "query": "do $$ begin set transaction read write; delete from t; end $$"}
            """);
    assertThat(failure.error().details()).containsEntry("sql_state", "25001");
    assertThat(database.value("select count(*) from t")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1; select 2",
        "commit; delete from t",
        "select 'a;b' ; -- x\\n delete from t",
        "select $$;$$; delete from t",
        "; select 1 ;; select 2",
        "",
        " -- nothing",
        ";",
      })
  void refusesSeveralStatements(String query) {
    StepError error =
        sql.failure("{\"datasource\": \"rw\", \"read_only\": false, \"query\": \"" + query + "\"}")
            .error();
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(error.details()).containsEntry("field", "query");
    assertThat(database.value("select count(*) from t")).isEqualTo("1");
  }

  @Test
  void takesOneStatementWithItsEndAndComments() throws Exception {
    assertThat(
            sql.rows(
                "{\"datasource\": \"ro\", \"query\": \"/* a;b */ select ';' as v ; -- end;\"}"))
        .isEqualTo("[{\"v\":\";\"}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; delete from t; --",
        "' or '1'='1",
        "a'); drop table t; --",
        "\\\\'; delete from t; --",
        "$$; delete from t; $$",
      })
  void bindsParametersAndPastesNone(String value) throws Exception {
    for (String query :
        new String[] {"select id from t where name = ?", "select id from t where name = :v"}) {
      String params = query.endsWith("?") ? "[\"%s\"]" : "{\"v\": \"%s\"}";
      assertThat(
              sql.rows(
                  "{\"datasource\": \"rw\", \"read_only\": false, \"query\": \"%s\", \"params\": %s}"
                      .formatted(query, params.formatted(value))))
          .isEqualTo("[]");
    }
    assertThat(database.value("select count(*) from t")).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      textBlock =
          """
          select ? + ?            => [1]                  => params => 2
          select ?                => [1, 2]               => params => 2
          select :a, :b           => {"a": 1}             => params => b
          select :a               => {"a": 1, "secret": 2} => params => secret
          select :a               => {"a": 1e99999}       => params => a
          select ?                => {}                   => query  => -
          select :a, ?            => {"a": 1}             => query  => -
          select 1                => "text"               => params => -
          """)
  void namesAWrongParameterAndNotItsValue(String query, String params, String field, String name) {
    StepError error =
        sql.failure(
                "{\"datasource\": \"ro\", \"query\": \"%s\", \"params\": %s}"
                    .formatted(query, params))
            .error();
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(error.details()).containsEntry("field", field);
    if (!name.equals("-")) {
      assertThat(error.details()).containsEntry("parameter", name);
    }
  }

  @Test
  void refusesADatasourceThatIsNotConfiguredWithoutQuotingIt() {
    StepError error =
        sql.failure(
                "{\"datasource\": \"jdbc:postgresql://h/x?password=secret\", \"query\": \"select 1\"}")
            .error();
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(error.details()).containsOnly(Map.entry("field", "datasource"));
    assertThat(error.toString()).doesNotContain("secret");
    assertThat(sql.failure("{\"query\": \"select 1\"}").error().code())
        .isEqualTo(ErrorCode.MISSING_REQUIRED_FIELD);
  }

  @ParameterizedTest
  @CsvSource({
    "select * from nowhere, INVALID_INPUT, 42P01, WORKED, false",
    "selec 1, INVALID_INPUT, 42601, WORKED, false",
    "select 1/0, INVALID_INPUT, 22012, WORKED, false",
    "select 'secret'::int, INVALID_INPUT, 22P02, WORKED, false",
    "insert into t values (1), EXECUTION_FAILED, 23505, WORKED, false",
    "do $$ begin raise exception 'secret'; end $$, EXECUTION_FAILED, P0001, WORKED, false",
    "do $$ begin raise exception 'x' using errcode = '40001'; end $$, EXECUTION_FAILED, 40001, WORKED, true",
    "do $$ begin raise exception 'x' using errcode = '53300'; end $$, RESOURCE_UNAVAILABLE, 53300, WORKED, true",
    "do $$ begin raise exception 'x' using errcode = '57P03'; end $$, RESOURCE_UNAVAILABLE, 57P03, WORKED, true",
    "do $$ begin raise exception 'x' using errcode = '08006'; end $$, EXECUTION_FAILED, 08006, WORKED, false",
    "do $$ begin raise exception 'x' using errcode = '42501'; end $$, PERMISSION_DENIED, 42501, WORKED, false",
    "vacuum, EXECUTION_FAILED, 25001, WORKED, false",
    "select pg_terminate_backend(pg_backend_pid()), RESOURCE_UNAVAILABLE, 57P01, FAILED, true",
  })
  void mapsErrorsByTheirState(
      String query, ErrorCode code, String state, AttemptVerdict verdict, boolean retryable) {
    StepFailure failure =
        sql.failure("{\"datasource\": \"rw\", \"read_only\": false, \"query\": \"" + query + "\"}");
    assertThat(failure.error().code()).isEqualTo(code);
    assertThat(failure.error().details()).isEqualTo(Map.of("datasource", "rw", "sql_state", state));
    assertThat(failure.error().retryable()).isEqualTo(retryable);
    assertThat(failure.verdict()).isEqualTo(verdict);
    assertThat(failure.error().toString()).doesNotContain("secret");
    if (verdict == AttemptVerdict.WORKED) {
      assertThat(find("rw").describe()).containsEntry("reachable", true);
    }
  }

  @Test
  void saysAtOnceThatADatabaseIsAway() {
    long start = System.nanoTime();
    StepFailure failure = sql.failure("{\"datasource\": \"away\", \"query\": \"select 1\"}");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(failure.error().code()).isEqualTo(ErrorCode.NETWORK_ERROR);
    assertThat(failure.verdict()).isEqualTo(AttemptVerdict.FAILED);
    assertThat(find("away").describe()).containsEntry("reachable", false).containsKey("last_error");
  }

  @Test
  void endsAStatementAtTheDeadlineAndOnTheServer() {
    assertThat(
            sql.failure(
                "{\"datasource\": \"ro\", \"query\": \"select 1\"}", SOON, Deadline.never()))
        .isNull();
    try (MachineStalls stalls = MachineStalls.watch()) {
      long start = System.nanoTime();
      StepError error = sql.failure(SLEEP, SOON, SqlFixture.deadlineIn(SECOND)).error();
      long elapsed = Duration.ofNanos(System.nanoTime() - start).toMillis();
      assertThat(elapsed).isBetween(999L, 1_000 + LATE_MS + stalls.longestMs());
      assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
      assertThat(error.details())
          .containsEntry("operation_type", "sql_query")
          .containsEntry("timeout_type", "total")
          .containsEntry("datasource", "ro")
          .containsKeys("timeout_ms", "elapsed_ms");
      awaitNoSleep(SECOND.plusMillis(stalls.longestMs()));
      Awaitility.await().atMost(SOON).until(() -> find("ro").stuckThreads() == 0);
    }
  }

  @Test
  void failsAStatementThatTakesLongerThanItsTimeout() throws Exception {
    StepFailure failure = sql.failure(SLEEP, Duration.ofMillis(300), Deadline.never());
    assertThat(failure.error().code()).isEqualTo(ErrorCode.CONNECTION_TIMEOUT);
    assertThat(failure.error().details())
        .containsEntry("timeout_type", "response")
        .containsEntry("timeout_ms", 300L);
    assertThat(failure.verdict()).isEqualTo(AttemptVerdict.FAILED);
    awaitNoSleep(SECOND);
    assertThat(sql.rows("{\"datasource\": \"ro\", \"query\": \"select 1 as v\"}"))
        .isEqualTo("[{\"v\":1}]");
  }

  @Test
  void endsAStatementWhoseAttemptIsInterrupted() throws Exception {
    FutureTask<@Nullable Object> attempt =
        new FutureTask<>(() -> sql.run(SLEEP, SOON, Deadline.never()));
    Thread thread = Thread.ofPlatform().start(attempt);
    Awaitility.await().atMost(SOON).until(() -> sleeping().equals("1"));
    thread.interrupt();
    thread.join(LATE_MS * 10);
    assertThat(thread.isAlive()).isFalse();
    assertThatThrownBy(attempt::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    awaitNoSleep(SECOND);
  }

  @Test
  void commitsNothingAfterTheDeadline() {
    StepError error =
        sql.failure(
                """
                {"datasource": "rw", "read_only": false,
                 "query": "with x as (insert into t values (9) returning id) select pg_sleep(2) from x"}
                """,
                SOON,
                SqlFixture.deadlineIn(Duration.ofMillis(500)))
            .error();
    assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
    Awaitility.await().atMost(SOON).until(() -> find("rw").stuckThreads() == 0);
    assertThat(database.value("select count(*) from t where id = 9")).isEqualTo("0");
  }

  @Test
  void leavesAHangingNetworkAtTheTimeoutAndRecovers() throws Exception {
    String query = "{\"datasource\": \"far\", \"query\": \"select 1 as v\"}";
    assertThat(sql.rows(query)).isEqualTo("[{\"v\":1}]");
    network.swallow(true);
    try (MachineStalls stalls = MachineStalls.watch()) {
      for (int i = 0; i < 4; i++) {
        long start = System.nanoTime();
        StepFailure failure = sql.failure(query, Duration.ofMillis(300), Deadline.never());
        long elapsed = Duration.ofNanos(System.nanoTime() - start).toMillis();
        assertThat(elapsed).isLessThan(300 + LATE_MS + stalls.longestMs());
        assertThat(failure.error().code()).isEqualTo(ErrorCode.CONNECTION_TIMEOUT);
      }
    }
    Awaitility.await().atMost(Duration.ofSeconds(6)).until(() -> find("far").stuckThreads() == 0);
    network.swallow(false);
    network.closeConnections();
    Awaitility.await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> sql.rows(query).equals("[{\"v\":1}]"));
    assertThat(sql.block.capacity("sql:far")).isEqualTo(2);
    assertThat(sql.block.hanging("sql:far")).isZero();
  }

  @Test
  void readsNoMoreRowsThanItReturns() throws Exception {
    long start = System.nanoTime();
    JsonNode result =
        sql.result(
            """
            {"datasource": "ro", "max_rows": 3,
             "query": "select generate_series(1, 10000000) as i, repeat('x', 1000) as x"}
            """);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(result.path("row_count").intValue()).isEqualTo(3);
    assertThat(result.path("truncated").booleanValue()).isTrue();
    assertThat(result.at("/rows/2/i").intValue()).isEqualTo(3);
    JsonNode exact =
        sql.result(
            "{\"datasource\": \"ro\", \"max_rows\": 3, \"query\": \"select generate_series(1, 3)\"}");
    assertThat(exact.path("truncated").booleanValue()).isFalse();
  }

  @Test
  void readsManyRows() throws Exception {
    sql.maxResult = 64 << 20;
    JsonNode result =
        sql.result(
            """
            {"datasource": "ro", "max_rows": 100000, "query": "select generate_series(1, 100000) as i"}
            """);
    assertThat(result.path("rows")).hasSize(100_000);
    assertThat(result.at("/rows/99999/i").intValue()).isEqualTo(100_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select repeat('x', 1000), generate_series(1, 10000000)",
        "select repeat('x', 2000000)",
        "select repeat('x', 100000000)",
      })
  void failsEarlyWithAResultThatIsTooLarge(String query) throws Exception {
    StepFailure failure =
        sql.failure("{\"datasource\": \"ro\", \"max_rows\": 100000, \"query\": \"" + query + "\"}");
    assertThat(failure.error().code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    assertThat(failure.isRetryAllowed()).isFalse();
    assertThat(failure.verdict()).isEqualTo(AttemptVerdict.WORKED);
    assertThat(sql.rows("{\"datasource\": \"ro\", \"query\": \"select 1 as v\"}"))
        .isEqualTo("[{\"v\":1}]");
  }

  @Test
  void namesItsDestination() {
    assertThat(sql.block.destination(call("{\"datasource\": \"ro\"}"))).isEqualTo("sql:ro");
    assertThat(sql.block.destination(call("{\"connection\": \"rw\"}"))).isEqualTo("sql:rw");
    assertThat(sql.block.destination(call("{\"datasource\": \"x\"}"))).isNull();
    assertThat(sql.block.destination(call("{}"))).isNull();
    assertThat(sql.block.hasEffects()).isTrue();
  }

  private static BlockCall call(String payload) {
    return SqlFixture.call(payload, SOON, Deadline.never());
  }

  private Database find(String name) {
    return Objects.requireNonNull(sql.databases.find(name));
  }

  private void awaitNoSleep(Duration atMost) {
    Awaitility.await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> sleeping().equals("0"));
  }

  private String sleeping() {
    return database.value(
        "select count(*) from pg_stat_activity where datname = current_database()"
            + " and state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()");
  }
}
