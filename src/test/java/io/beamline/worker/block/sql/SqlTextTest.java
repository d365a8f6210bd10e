package io.beamline.worker.block.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.core.Parser;

/** How many statements a text is, how many placeholders it has, and what it begins with. */
class SqlTextTest {

  private static final List<String> PIECES =
      List.of(
          "select 1",
          ";",
          " ",
          "'a;b'",
          "'it''s;'",
          "'\\'",
          "E'\\';'",
          "$$;$$",
          "$a$;$$;$a$",
          " a$b$;",
          " $1",
          "-- ;\n",
          "/* ; */",
          "/* /* ; */ ; */",
          "\"a;b\"",
          "?",
          "??",
          " x ",
          "(",
          ")",
          "insert into t values (1)",
          "e",
          "E",
          "$");

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      textBlock =
          """
          POSTGRESQL => select 1;                       => true  => 0 => select
          POSTGRESQL => (SELECT ?) union (select ?)     => true  => 2 => select
          POSTGRESQL => select a ?? b, ?                => true  => 1 => select
          POSTGRESQL => select E'\\';', ?               => true  => 1 => select
          POSTGRESQL => select '\\'; delete from t; --' => false => 0 => select
          POSTGRESQL => select E'a''b\\';' || ?         => true  => 1 => select
          POSTGRESQL => select $x$;$$;?$x$, a$b$, ?     => true  => 1 => select
          POSTGRESQL => /* /* ; */ ; */ with x          => true  => 0 => with
          POSTGRESQL => commit; delete from t           => false => 0 => commit
          MARIADB    => select '\\';', ?                => true  => 1 => select
          MARIADB    => select `a;?` # ; ?              => true  => 0 => select
          MARIADB    => select 5--?                     => true  => 1 => select
          MARIADB    => select 5 -- ?                   => true  => 0 => select
          MARIADB    => /*!truncate*/ table t           => true  => 0 => ``
          H2         => select '\\', $$;$$, ?           => true  => 1 => select
          H2         => select 1 /* /* */ ' */ ; drop table t -- ' => false => 0 => select
          H2         => select 1 // ; ?                 => true  => 0 => select
          H2         => select $a$ ; drop table t -- $a$ => false => 0 => select
          OTHER      => set x = 1                       => true  => 0 => set
          """)
  void reads(Dialect dialect, String sql, boolean single, int placeholders, String keyword) {
    assertThat(SqlText.of(sql, dialect))
        .isEqualTo(new SqlText(single, placeholders, keyword, false));
  }

  @Test
  void aConnectionWithoutAResetIsNotUsedAgainAfterVariables() {
    assertThat(SqlText.of("select @a := 1", Dialect.H2).isPlain()).isFalse();
    assertThat(SqlText.of("select '@a'", Dialect.H2).isPlain()).isTrue();
    assertThat(SqlText.of("select @a := 1", Dialect.MARIADB).isPlain()).isTrue();
  }

  /** The driver splits a text before the server sees it, so both must agree. */
  @RandomCases(20)
  void findsEveryStatementThatTheDriverOfPostgresqlFinds(RandomValues random) throws SQLException {
    for (int round = 0; round < 1_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.between(1, 12); i > 0; i--) {
        text.append(' ').append(random.oneOf(PIECES));
      }
      String sql = text.toString();
      long found =
          Parser.parseJdbcSql(sql, true, true, true, false, true).stream()
              .map(query -> query.nativeSql.replaceAll("(?s)--[^\n]*|/\\*.*\\*/", ""))
              .filter(query -> !query.isBlank())
              .count();
      if (found > 1) {
        assertThat(SqlText.of(sql, Dialect.POSTGRESQL).single()).as(sql).isFalse();
      }
    }
  }
}
