package io.beamline.worker.block.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Databases;
import io.beamline.worker.support.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How PostgreSQL's values become JSON, and JSON its values: the table of contract section 4. */
class PostgresTypesTest {

  private static TestDatabase database;
  private static SqlFixture sql;

  @BeforeAll
  static void start() {
    database = Databases.postgres();
    database.execute(
        "create type mood as enum ('sad', 'happy')",
        "create domain small as int check (value < 10)",
        "create table kept (id bigserial primary key, at timestamptz, who uuid, how mood, doc jsonb,"
            + " tags text[], n numeric, day date, amount smallint, ok boolean, body bytea)");
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
          null::int                                   | null
          32767::int2                                 | 32767
          (-2147483648)::int4                         | -2147483648
          9223372036854775807                         | 9223372036854775807
          123456789012345678901234567890.123456789000 | 123456789012345678901234567890.123456789000
          0.10::numeric                               | 0.10
          'NaN'::numeric                              | "NaN"
          'Infinity'::numeric                         | "Infinity"
          '-Infinity'::numeric                        | "-Infinity"
          0.1::float8                                 | 0.1
          1e300::float8                               | 1e+300
          1.17549435e-38::float4                      | 1.1754944e-38
          16777216::float4                            | 1.6777216e+07
          'NaN'::float8                               | "NaN"
          '-Infinity'::float4                         | "-Infinity"
          true                                        | true
          false                                       | false
          'a"b\\ä€😀'::text                           | "a\\"b\\\\ä€😀"
          'ab'::char(4)                               | "ab  "
          'x'::varchar(5)                             | "x"
          'happy'::mood                               | "happy"
          7::small                                    | 7
          '2026-11-29 02:03:18.763464+02'::timestamptz | "2026-11-29T00:03:18.763464Z"
          '2026-11-29 02:03:18+00'::timestamptz       | "2026-11-29T02:03:18Z"
          'infinity'::timestamptz                     | "infinity"
          '-infinity'::date                           | "-infinity"
          '2026-11-29 02:03:18.7'::timestamp          | "2026-11-29T02:03:18.7"
          '12026-11-29 02:03:18'::timestamp           | "+12026-11-29T02:03:18"
          '0044-03-15 BC'::date                       | "-0043-03-15"
          '2026-11-29'::date                          | "2026-11-29"
          '02:03:18.5'::time                          | "02:03:18.5"
          '24:00:00'::time                            | "24:00:00"
          '02:03:18+02'::timetz                       | "02:03:18+02:00"
          '02:03:18+00'::timetz                       | "02:03:18Z"
          '1 year 2 months 3 days 04:05:06.7'::interval | "P1Y2M3DT4H5M6.7S"
          '550e8400-e29b-41d4-a716-446655440000'::uuid | "550e8400-e29b-41d4-a716-446655440000"
          B'101'                                      | "101"
          B'1'::bit(1)                                | "1"
          B'10'::varbit                               | "10"
          '\\xdeadbeef'::bytea                        | "3q2+7w=="
          ''::bytea                                   | ""
          '{"b":1, "a":12345678901234567890.10}'::json | {"b":1, "a":12345678901234567890.10}
          '{"b":1, "a":12345678901234567890.10}'::jsonb | {"a": 12345678901234567890.10, "b": 1}
          '[1, null, "x"]'::jsonb                     | [1, null, "x"]
          'null'::jsonb                               | null
          '"text"'::json                              | "text"
          '{1,null,3}'::int[]                         | [1,null,3]
          '{{1,2},{3,4}}'::int8[]                     | [[1,2],[3,4]]
          '[0:1]={7,8}'::int[]                        | [7,8]
          '{}'::text[]                                | []
          array['a,b', 'c"d', 'e\\f', 'NULL', null, ''] | ["a,b","c\\"d","e\\\\f","NULL",null,""]
          '{happy,sad}'::mood[]                       | ["happy","sad"]
          array['2026-11-29 02:03:18+02'::timestamptz] | ["2026-11-29T00:03:18Z"]
          array['\\x00ff'::bytea]                     | ["AP8="]
          array['{"a": [1]}'::jsonb]                  | [{"a": [1]}]
          array[1.50, 'NaN'::numeric]                 | [1.50,"NaN"]
          array[true, false]                          | [true,false]
          '127.0.0.1/8'::inet                         | "127.0.0.1/8"
          '[1,5)'::int4range                          | "[1,5)"
          '(1,2)'::point                              | "(1,2)"
          row(1, 'a b')                               | "(1,\\"a b\\")"
          """)
  void writesValuesExactly(String expression, String json) throws Exception {
    assertThat(sql.value("select " + expression + " as v")).isEqualTo(json);
  }

  @Test
  void namesColumnsAndTheirTypes() throws Exception {
    JsonNode result =
        sql.result(
            """
            {"query": "select 1 as id, 2::int8 as id, 'x'::text as id_2, null::mood, array[1]"}
            """);
    assertThat(result.path("columns").toString())
        .isEqualTo(
            """
            [{"name":"id","type":"int4"},{"name":"id_3","type":"int8"},\
            {"name":"id_2","type":"text"},{"name":"mood","type":"mood"},\
            {"name":"array","type":"_int4"}]""");
    assertThat(result.path("rows").toString())
        .isEqualTo("[{\"id\":1,\"id_3\":2,\"id_2\":\"x\",\"mood\":null,\"array\":[1]}]");
    assertThat(result.path("row_count").intValue()).isEqualTo(1);
    assertThat(result.path("affected_rows").isNull()).isTrue();
    assertThat(result.path("truncated").booleanValue()).isFalse();
  }

  @Test
  void bindsJsonToColumnsOfAnyType() throws Exception {
    JsonNode inserted =
        sql.result(
            """
            {"read_only": false,
             "query": "insert into kept (at, who, how, doc, tags, n, day, amount, ok, body) values \
            (:at, :who, :how, :doc, :tags, :n, :day, :amount, :ok, :body) returning id, at::text",
             "params": {"at": "2026-11-29T02:03:18.763464Z", "how": "sad",
              "who": "550e8400-e29b-41d4-a716-446655440000", "doc": {"z": 1, "a": 1.10},
              "tags": ["a", null, "b\\"c"], "n": 12345678901234567890.123, "day": "2026-11-29",
              "amount": 7, "ok": true, "body": "\\\\x00ff"}}
            """);
    assertThat(inserted.at("/rows/0/at").stringValue()).isEqualTo("2026-11-29 02:03:18.763464+00");
    assertThat(inserted.at("/columns/0/type").stringValue()).isEqualTo("int8");
    assertThat(
            sql.rows(
                """
                {"query": "select who, how, doc, tags, n, day, amount, ok, body from kept where \
                at > ? and who = ? and how = ? and doc @> ? and id = any(?) and n = ? and ok = ? \
                and day between ? and ?::date",
                 "args": ["2026-01-01", "550e8400-e29b-41d4-a716-446655440000", "sad", {"z": 1},
                  [1, 2, 3], 12345678901234567890.123, true, "2026-11-29", "2026-11-29"]}
                """))
        .isEqualTo(
            """
            [{"who":"550e8400-e29b-41d4-a716-446655440000","how":"sad","doc":{"a": 1.10, "z": 1},\
            "tags":["a",null,"b\\"c"],"n":12345678901234567890.123,"day":"2026-11-29","amount":7,\
            "ok":true,"body":"AP8="}]""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      textBlock =
          """
          select :a::int + 1 => {"a": "41"} => 42
          select :a || '?' => {"a": "x"} => "x?"
          select ':a' || :a -- :b => {"a": "x"} => ":ax"
          select /* :b */ "?column?" from (select :a) x => {"a": null} => null
          select repeat('x', :a) => {"a": 3} => "xxx"
          select :a::numeric => {"a": 1e3} => 1000
          select :a => {"a": 9007199254740993} => 9007199254740993
          select :a + 0 => {"a": 0.1000000000000000000001} => 0.1000000000000000000001
          select :a::int[] => {"a": [[1,2],[3,4]]} => [[1,2],[3,4]]
          select (:a::jsonb[])[1] => {"a": [{"k": "v \\"w\\""}]} => {"k": "v \\"w\\""}
          select '{"a":1}'::jsonb ?? ? => ["a"] => true
          select $$?;:a$$ || ? => ["!"] => "?;:a!"
          """)
  void readsPlaceholders(String query, String params, String json) throws Exception {
    assertThat(
            sql.rows(
                    "{\"query\": \""
                        + query.replace("\"", "\\\"")
                        + "\", \"params\": "
                        + params
                        + "}")
                .replaceAll("^\\[\\{\"[^\"]*\":(.*)}]$", "$1"))
        .isEqualTo(json);
  }
}
