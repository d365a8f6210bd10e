package io.beamline.worker.block.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.timeout.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements on H2: what may run, how long, and how it fails. */
class H2QueryTest {

  private static final String MEMORY = "jdbc:h2:mem:queries;DB_CLOSE_DELAY=-1";

  @Test
  void opensAFileForReadingOnly(@TempDir Path folder) throws Exception {
    String url = "jdbc:h2:file:" + folder.resolve("data");
    try (SqlFixture writer = SqlFixture.of("orders.url", url, "orders.read-only", "false")) {
      writer.result("{\"query\": \"create table t (id int)\", \"read_only\": false}");
      writer.result("{\"query\": \"insert into t values (1)\", \"read_only\": false}");
    }
    try (SqlFixture reader = SqlFixture.of("orders.url", url)) {
      assertThat(reader.value("select id from t")).isEqualTo("1");
      assertThat(find(reader).enforcesReadOnly()).isTrue();
      for (String query :
          new String[] {
            "delete from t", "drop table t", "select * from old table (delete from t)"
          }) {
        StepFailure failure = reader.failure("{\"query\": \"" + query + "\"}");
        assertThat(failure.error().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
      }
      assertThat(reader.value("select count(*) from t")).isEqualTo("1");
      assertThat(reader.block.hasEffects()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete from r", "create table y (id int)", "drop table r"})
  void letsNothingButQueriesReadWhereTheDatabaseDoesNotRefuse(String query) throws Exception {
    try (SqlFixture sql = SqlFixture.of("orders.url", MEMORY, "orders.read-only", "false")) {
      sql.result(
          "{\"query\": \"create table if not exists r as select 1 as id\", \"read_only\": false}");
      assertThat(find(sql).enforcesReadOnly()).isFalse();
      assertThat(sql.failure("{\"query\": \"" + query + "\"}").error().code())
          .isEqualTo(ErrorCode.PERMISSION_DENIED);
      sql.result("{\"query\": \"select * from old table (delete from r)\"}");
      assertThat(sql.value("select count(*) from r")).isEqualTo("1");
    }
  }

  @Test
  void endsAStatementAtItsTimeout() throws Exception {
    try (SqlFixture sql = SqlFixture.of("orders.url", MEMORY)) {
      String query =
          "{\"query\": \"select count(*) from system_range(1, 100000000000) where mod(x, 7) = 9\"}";
      StepFailure failure = sql.failure(query, Duration.ofMillis(300), Deadline.never());
      assertThat(failure.error().code()).isEqualTo(ErrorCode.CONNECTION_TIMEOUT);
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> find(sql).stuckThreads() == 0);
      assertThat(sql.value("select 1 as v")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "select * from nowhere, INVALID_INPUT",
    "selec 1, INVALID_INPUT",
    "select 1/0, INVALID_INPUT",
    "select 1; select 2, INVALID_INPUT",
    "select cast('secret' as int), INVALID_INPUT",
  })
  void mapsErrors(String query, ErrorCode code) {
    try (SqlFixture sql = SqlFixture.of("orders.url", MEMORY)) {
      StepFailure failure = sql.failure("{\"query\": \"" + query + "\"}");
      assertThat(failure.error().code()).isEqualTo(code);
      assertThat(failure.error().toString()).doesNotContain("secret");
    }
  }

  private static Database find(SqlFixture sql) {
    return Objects.requireNonNull(sql.databases.only());
  }
}
