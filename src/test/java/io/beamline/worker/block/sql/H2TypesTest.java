package io.beamline.worker.block.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How H2's values become JSON, and JSON its values: the table of contract section 4. */
class H2TypesTest {

  private static SqlFixture sql;

  @BeforeAll
  static void start() {
    sql =
        SqlFixture.of(
            "orders.url", "jdbc:h2:mem:types;DB_CLOSE_DELAY=-1", "orders.read-only", "false");
  }

  @AfterAll
  static void close() {
    sql.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          cast(null as int)                         | null
          cast(-128 as tinyint)                     | -128
          cast(9223372036854775807 as bigint)       | 9223372036854775807
          123456789012345678901234567890.1234500    | 123456789012345678901234567890.1234500
          cast('NaN' as double precision)           | "NaN"
          cast('Infinity' as decfloat)              | "Infinity"
          cast(1.5e100 as decfloat)                 | 1.5E+100
          cast(0.1 as double precision)             | 0.1
          cast(0.1 as real)                         | 0.1
          true                                      | true
          'a"ä€😀'                                  | "a\\"ä€😀"
          timestamp '2026-11-29 02:03:18.763464123' | "2026-11-29T02:03:18.763464123"
          timestamp with time zone '2026-11-29 02:03:18.5+02:00' | "2026-11-29T00:03:18.500Z"
          date '2026-11-29'                         | "2026-11-29"
          time '02:03:18.5'                         | "02:03:18.5"
          time with time zone '02:03:18+02:00'      | "02:03:18+02:00"
          interval '1-2' year to month              | "INTERVAL '1-2' YEAR TO MONTH"
          random_uuid() is not null                 | true
          cast('550e8400-e29b-41d4-a716-446655440000' as uuid) | "550e8400-e29b-41d4-a716-446655440000"
          x'deadbeef'                               | "3q2+7w=="
          cast(x'00ff' as blob)                     | "AP8="
          cast('text' as clob)                      | "text"
          json '{"b":1,"a":12345678901234567890.10}' | {"b":1,"a":12345678901234567890.10}
          array[1, null, 3]                         | [1,null,3]
          array[array['a'], array['b', null]]       | [["a"],["b",null]]
          array[1.50]                               | [1.50]
          cast('b' as enum('a', 'b'))               | "b"
          """)
  void writesValuesExactly(String expression, String json) throws Exception {
    assertThat(sql.value("select " + expression + " as v")).isEqualTo(json);
  }

  @Test
  void bindsJson() throws Exception {
    sql.result(
        "{\"query\": \"create table p (a bigint, b numeric(30, 10), c varchar, d json, e timestamp,"
            + " f boolean, g uuid)\", \"read_only\": false}");
    assertThat(
            sql.result(
                    """
                    {"query": "insert into p values (:a, :b, :c, :d format json, :e, :f, :g)",
                     "read_only": false,
                     "params": {"a": 9007199254740993, "b": 0.1000000001, "c": null, "d": {"x": [1]},
                      "e": "2026-11-29 02:03:18.763464", "f": true,
                      "g": "550e8400-e29b-41d4-a716-446655440000"}}
                    """)
                .path("affected_rows")
                .intValue())
        .isEqualTo(1);
    assertThat(
            sql.rows(
                "{\"query\": \"select a, b, c, d, f from p where g = ?\", \"params\":"
                    + " [\"550e8400-e29b-41d4-a716-446655440000\"]}"))
        .isEqualTo(
            "[{\"A\":9007199254740993,\"B\":0.1000000001,\"C\":null,\"D\":{\"x\":[1]},\"F\":true}]");
  }
}
