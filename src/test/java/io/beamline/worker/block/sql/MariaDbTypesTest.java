package io.beamline.worker.block.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Databases;
import io.beamline.worker.support.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How MariaDB's values become JSON, and JSON its values: the table of contract section 4. */
class MariaDbTypesTest {

  private static TestDatabase database;
  private static SqlFixture sql;

  @BeforeAll
  static void start() {
    database = Databases.mariaDb();
    sql =
        SqlFixture.of(
            "orders.url", database.url(),
            "orders.username", database.username(),
            "orders.read-only", "false");
  }

  @AfterAll
  static void close() {
    sql.close();
    database.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          int                | null                        | null
          tinyint(1)         | 2                           | 2
          boolean            | true                        | 1
          bigint unsigned    | 18446744073709551615        | 18446744073709551615
          bigint             | -9223372036854775808        | -9223372036854775808
          mediumint unsigned | 16777215                    | 16777215
          int(5) zerofill    | 7                           | 7
          decimal(40,10)     | 123456789012345678901234567890.1 | 123456789012345678901234567890.1000000000
          float              | 16777216                    | 1.6777216E7
          double             | 0.1                         | 0.1
          double             | 1e300                       | 1.0E300
          year               | 2026                        | 2026
          bit(1)             | b'1'                        | "1"
          bit(10)            | b'1000000001'               | "1000000001"
          varchar(20)        | 'a"ä€😀'                    | "a\\"ä€😀"
          char(4)            | 'ab'                        | "ab"
          text               | 'x'                         | "x"
          enum('a','b')      | 'b'                         | "b"
          set('a','b')       | 'a,b'                       | "a,b"
          datetime(6)        | '2026-11-29 02:03:18.763464' | "2026-11-29T02:03:18.763464"
          datetime           | '2026-11-29 02:03:18'       | "2026-11-29T02:03:18"
          timestamp(3)       | '2026-11-29 02:03:18.7'     | "2026-11-29T02:03:18.700000Z"
          date               | '2026-11-29'                | "2026-11-29"
          time(1)            | '-838:59:58.5'              | "-838:59:58.500000"
          blob               | x'deadbeef'                 | "3q2+7w=="
          varbinary(4)       | x'00ff'                     | "AP8="
          json               | '{"b":1, "a":12345678901234567890.10}' | {"b":1, "a":12345678901234567890.10}
          uuid               | '550e8400-e29b-41d4-a716-446655440000' | "550e8400-e29b-41d4-a716-446655440000"
          inet6              | '::1'                       | "::1"
          """)
  void writesValuesExactly(String type, String value, String json) throws Exception {
    database.execute(
        "create or replace table t (v " + type + " null)",
        "set statement sql_mode='' for insert into t values (" + value + ")");
    assertThat(sql.value("select v from t")).isEqualTo(json);
  }

  @Test
  void writesDatesThatAreNone() throws Exception {
    database.execute(
        "create or replace table z (d date, t datetime, n int)",
        "set statement sql_mode='' for insert into z values ('0000-00-00', '0000-00-00', 1)");
    assertThat(sql.rows("{\"query\": \"select d, t from z\"}"))
        .isEqualTo("[{\"d\":\"0000-00-00\",\"t\":\"0000-00-00T00:00:00\"}]");
  }

  @Test
  void bindsJson() throws Exception {
    database.execute(
        "create or replace table p (a bigint, b decimal(30,10), c varchar(50), d json, e datetime(6),"
            + " f boolean, g json)");
    assertThat(
            sql.result(
                    """
                    {"query": "insert into p values (:a, :b, :c, :d, :e, :f, :g)",
                     "read_only": false,
                     "params": {"a": 9007199254740993, "b": 0.1000000001, "c": null, "d": {"x": [1]},
                      "e": "2026-11-29 02:03:18.763464", "f": true, "g": [1, "2"]}}
                    """)
                .path("affected_rows")
                .intValue())
        .isEqualTo(1);
    assertThat(
            sql.rows(
                "{\"query\": \"select * from p where a = ?\", \"params\": [9007199254740993]}"))
        .isEqualTo(
            "[{\"a\":9007199254740993,\"b\":0.1000000001,\"c\":null,\"d\":{\"x\": [1]},"
                + "\"e\":\"2026-11-29T02:03:18.763464\",\"f\":1,\"g\":[1, \"2\"]}]");
  }
}
