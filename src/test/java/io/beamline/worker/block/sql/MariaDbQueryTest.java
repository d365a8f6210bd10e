package io.beamline.worker.block.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.destination.AttemptVerdict;
import io.beamline.worker.support.Databases;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.NetworkProxy;
import io.beamline.worker.support.TestDatabase;
import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Statements on MariaDB: what may run, how long, how much of it, and how it fails. */
class MariaDbQueryTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long LATE_MS = 100;

  private static TestDatabase database;

  private NetworkProxy network;
  private SqlFixture sql;

  @BeforeAll
  static void create() {
    database = Databases.mariaDb();
    database.execute(
        "create table t (id int primary key, name text)",
        "create procedure p() begin commit; delete from t; end");
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
            "ro.url", database.url(),
            "ro.username", database.username(),
            "rw.url", database.url(),
            "rw.username", database.username(),
            "rw.read-only", "false",
            "far.url", database.urlAt(network.port()),
            "far.username", database.username(),
            "far.max-connections", "2",
            "farw.url", database.urlAt(network.port()),
            "farw.username", database.username(),
            "farw.read-only", "false");
  }

  @AfterEach
  void close() {
    sql.close();
    network.close();
  }

  /** Its driver rolls back without asking the server where it thinks that nothing was begun. */
  @ParameterizedTest
  @CsvSource({
    "far, true, 'select sleep(20)'",
    "farw, false, 'insert into t select 9, sleep(20)'",
  })
  void saysThatTheConnectionWasLostInTheMiddle(String datasource, boolean reads, String query)
      throws Exception {
    String payload =
        "{\"datasource\": \"%s\", \"read_only\": %s, \"query\": \"%s\"}"
            .formatted(datasource, reads, query);
    FutureTask<StepFailure> attempt = new FutureTask<>(() -> sql.failure(payload));
    Thread unused = Thread.ofPlatform().start(attempt);
    Awaitility.await()
        .atMost(SOON)
        .until(
            () ->
                database
                    .value(
                        "select count(*) from information_schema.processlist where db = database()"
                            + " and info like '%sleep(20%' and id <> connection_id()")
                    .equals("1"));
    network.closeConnections();
    StepFailure failure = attempt.get();
    assertThat(failure.error().code()).isEqualTo(ErrorCode.NETWORK_ERROR);
    assertThat(failure.error().retryable()).isTrue();
    assertThat(failure.verdict()).isEqualTo(AttemptVerdict.FAILED);
  }

  /** The next step may be another tenant's; its connection is the same one. */
  @Test
  void leavesNoLockAndNoVariableToTheNextStep() throws Exception {
    String self = "select connection_id() as id";
    String before = sql.value(self, "ro");

    sql.value("select get_lock('beamline-test', 0) as l", "ro");
    sql.value("select @secret := 'x' as v", "ro");

    assertThat(sql.value(self, "ro")).isEqualTo(before);
    assertThat(sql.value("select @secret as v", "ro")).isEqualTo("null");
    assertThat(sql.value("select is_used_lock('beamline-test') as l", "rw")).isEqualTo("null");
    assertThat(sql.value("select @@session.time_zone as z", "ro")).isEqualTo("\"+00:00\"");
  }

  @Test
  void writesWhereItMay() throws Exception {
    JsonNode changed =
        sql.result(
            """
            {"datasource": "rw", "read_only": false, "query": "insert into t values (2, ?), (3, ?)",
             "params": ["'; delete from t; --", "\\\\' or 1=1"]}
            """);
    assertThat(changed.path("affected_rows").intValue()).isEqualTo(2);
    assertThat(database.value("select name from t where id = 2")).isEqualTo("'; delete from t; --");
    assertThat(database.value("select name from t where id = 3")).isEqualTo("\\' or 1=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from t",
        "insert into t values (5, 'x') returning id",
        "create table x (id int)",
        "truncate table t",
        "drop table t",
        "call p()",
        "/*!truncate*/ table t",
        "begin not atomic delete from t; end",
        "execute immediate 'drop table t'",
      })
  void letsTheDatabaseRefuseAWriteOfAReader(String query) {
    for (String datasource : new String[] {"ro", "rw"}) {
      StepFailure failure =
          sql.failure("{\"datasource\": \"" + datasource + "\", \"query\": \"" + query + "\"}");
      assertThat(failure).as(datasource).isNotNull();
      assertThat(failure.error().code())
          .isEqualTo(
              query.startsWith("begin") ? ErrorCode.INVALID_INPUT : ErrorCode.PERMISSION_DENIED);
      assertThat(database.value("select count(*) from t")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"select 1; select 2", "commit; delete from t", "select ';' ; delete from t"})
  void refusesSeveralStatements(String query) {
    StepFailure failure =
        sql.failure("{\"datasource\": \"rw\", \"read_only\": false, \"query\": \"" + query + "\"}");
    assertThat(failure.error().code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(database.value("select count(*) from t")).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({
    "select * from nowhere, INVALID_INPUT, false",
    "selec 1, INVALID_INPUT, false",
    "insert into t values (1), INVALID_INPUT, false",
    "'insert into t values (1, null)', EXECUTION_FAILED, false",
    "signal sqlstate '45000', EXECUTION_FAILED, false",
    "signal sqlstate '40001', EXECUTION_FAILED, true",
    "signal sqlstate '08S01', EXECUTION_FAILED, false",
    "set statement max_statement_time=0.1 for select sleep(5), RESOURCE_UNAVAILABLE, true",
  })
  void mapsErrors(String query, ErrorCode code, boolean retryable) {
    StepFailure failure =
        sql.failure("{\"datasource\": \"rw\", \"read_only\": false, \"query\": \"" + query + "\"}");
    assertThat(failure.error().code()).isEqualTo(code);
    assertThat(failure.error().retryable()).isEqualTo(retryable);
    assertThat(failure.error().details()).containsKey("sql_state");
  }

  @Test
  void endsAStatementAtTheDeadlineAndOnTheServer() throws Exception {
    assertThat(sql.value("select 1 as v", "ro")).isEqualTo("1");
    try (MachineStalls stalls = MachineStalls.watch()) {
      long start = System.nanoTime();
      StepFailure failure =
          sql.failure(
              "{\"datasource\": \"ro\", \"query\": \"select benchmark(2000000000, md5(1))\"}",
              SOON,
              SqlFixture.deadlineIn(Duration.ofSeconds(1)));
      assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis())
          .isLessThan(1_000 + LATE_MS + stalls.longestMs());
      assertThat(failure.error().code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
      Awaitility.await()
          .atMost(Duration.ofSeconds(1).plusMillis(stalls.longestMs()))
          .pollInterval(Duration.ofMillis(20))
          .until(
              () ->
                  database
                      .value(
                          "select count(*) from information_schema.processlist where db = database()"
                              + " and info like '%benchmark(20000%' and id <> connection_id()")
                      .equals("0"));
      Awaitility.await().atMost(SOON).until(() -> find("ro").stuckThreads() == 0);
    }
    assertThat(sql.value("select 1 as v", "ro")).isEqualTo("1");
  }

  @Test
  void leavesAHangingNetworkAtTheTimeoutAndRecovers() throws Exception {
    assertThat(sql.value("select 1 as v", "far")).isEqualTo("1");
    network.swallow(true);
    try (MachineStalls stalls = MachineStalls.watch()) {
      long start = System.nanoTime();
      StepFailure failure =
          sql.failure(
              "{\"datasource\": \"far\", \"query\": \"select 1\"}",
              Duration.ofMillis(300),
              Deadline.never());
      assertThat(Duration.ofNanos(System.nanoTime() - start).toMillis())
          .isLessThan(300 + LATE_MS + stalls.longestMs());
      assertThat(failure.error().code()).isEqualTo(ErrorCode.CONNECTION_TIMEOUT);
    }
    // The driver first tries to end the query over a connection of its own.
    Awaitility.await().atMost(Duration.ofSeconds(12)).until(() -> find("far").stuckThreads() == 0);
    network.swallow(false);
    network.closeConnections();
    Awaitility.await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> sql.value("select 1 as v", "far").equals("1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"select seq, repeat('x', 100) from seq_1_to_10000000"})
  void readsNoMoreThanItReturns(String query) throws Exception {
    long start = System.nanoTime();
    JsonNode result =
        sql.result("{\"datasource\": \"ro\", \"max_rows\": 3, \"query\": \"" + query + "\"}");
    assertThat(result.path("rows")).hasSize(3);
    assertThat(result.path("truncated").booleanValue()).isTrue();
    StepFailure failure =
        sql.failure("{\"datasource\": \"ro\", \"max_rows\": 100000, \"query\": \"" + query + "\"}");
    assertThat(failure.error().code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(sql.value("select 1 as v", "ro")).isEqualTo("1");
  }

  private Database find(String name) {
    return Objects.requireNonNull(sql.databases.find(name));
  }
}
