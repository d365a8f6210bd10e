package io.beamline.worker.block.sql;

import java.util.Locale;
import java.util.Set;

/**
 * What can be said of a statement without understanding it: how many statements it is, how many
 * {@code ?} it has, and what it begins with. Quotes and comments are skipped as the database does.
 * Immutable.
 *
 * @param single whether it is exactly one statement
 * @param placeholders the number of {@code ?} that stand for parameters; {@code ??} is none
 * @param keyword the first word, in lower case; empty if there is none
 * @param variables whether it may set variables of a session that cannot be reset
 */
record SqlText(boolean single, int placeholders, String keyword, boolean variables) {

  /** Statements that leave nothing behind in the session of their connection. */
  private static final Set<String> PLAIN =
      Set.of(
          "select",
          "with",
          "values",
          "table",
          "insert",
          "update",
          "delete",
          "merge",
          "replace",
          "explain",
          "show",
          "describe",
          "desc");

  /** Reads a statement. Linear in its length. */
  static SqlText of(String sql, Dialect dialect) {
    return new Scanner(sql, dialect).read();
  }

  /** Returns whether the statement leaves the session of its connection as it was. */
  boolean isPlain() {
    return PLAIN.contains(keyword) && !variables;
  }

  /** Reads a statement from its begin to its end. Not thread-safe. */
  private static final class Scanner {

    private final String sql;
    private final boolean postgresql;
    private final boolean mariadb;
    private final boolean h2;
    private int at;
    private int placeholders;
    private boolean begun;
    private boolean ended;
    private boolean several;
    private String keyword = "";
    private boolean variables;

    Scanner(String sql, Dialect dialect) {
      this.sql = sql;
      postgresql = dialect == Dialect.POSTGRESQL;
      mariadb = dialect == Dialect.MARIADB;
      h2 = dialect == Dialect.H2;
    }

    SqlText read() {
      while (at < sql.length()) {
        next();
      }
      return new SqlText(begun && !several, placeholders, keyword, variables);
    }

    private void next() {
      char c = sql.charAt(at);
      if (isSpace(c)) {
        at++;
      } else if (isLineComment(c)) {
        skipLine();
      } else if (isExecutableComment()) {
        executableComment();
      } else if (sql.startsWith("/*", at)) {
        skipComment();
      } else if (c == ';') {
        ended |= begun;
        at++;
      } else {
        several |= ended;
        token(c);
        begun |= c != '(';
      }
    }

    /** In MariaDB two dashes without a space are an operator; H2 also has two slashes. */
    private boolean isLineComment(char c) {
      if (!mariadb) {
        return sql.startsWith("--", at) || (h2 && sql.startsWith("//", at));
      }
      boolean dashes =
          sql.startsWith("--", at) && (at + 2 == sql.length() || sql.charAt(at + 2) <= ' ');
      return dashes || c == '#';
    }

    /** MariaDB runs what is in such a comment. */
    private boolean isExecutableComment() {
      return mariadb && (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at));
    }

    /** What it begins with is not known then. */
    private void executableComment() {
      several |= ended;
      begun = true;
      at += 3;
    }

    private void token(char c) {
      if (c == '\'') {
        skipQuoted('\'', mariadb || isEscapeString());
      } else if (c == '"') {
        skipQuoted('"', mariadb);
      } else if (c == '`' && mariadb) {
        skipQuoted('`', false);
      } else if (c == '$' && !mariadb && skipDollarQuoted()) {
        return;
      } else if (c == '?') {
        boolean escaped = postgresql && sql.startsWith("??", at);
        placeholders += escaped ? 0 : 1;
        at += escaped ? 2 : 1;
      } else if (isWord(c)) {
        word();
      } else {
        variables |= c == '@' && !postgresql && !mariadb;
        at++;
      }
    }

    /** Words are read whole: {@code $} in a name begins no quote. */
    private void word() {
      int start = at;
      while (at < sql.length() && (isWord(sql.charAt(at)) || sql.charAt(at) == '$')) {
        at++;
      }
      if (!begun) {
        keyword = sql.substring(start, at).toLowerCase(Locale.ROOT);
      }
    }

    /** Returns whether the quote belongs to {@code E'…'}, in which backslashes escape. */
    private boolean isEscapeString() {
      boolean marked = at > 0 && (sql.charAt(at - 1) == 'E' || sql.charAt(at - 1) == 'e');
      return postgresql && marked && (at == 1 || !isWord(sql.charAt(at - 2)));
    }

    private void skipQuoted(char quote, boolean backslashes) {
      at++;
      while (at < sql.length()) {
        char c = sql.charAt(at++);
        if (c == '\\' && backslashes) {
          at++;
        } else if (c == quote) {
          if (at == sql.length() || sql.charAt(at) != quote) {
            return;
          }
          // A doubled quote is part of the text.
          at++;
        }
      }
    }

    /** Skips {@code $tag$ … $tag$}; H2 has no tags. Returns false if none begins here. */
    private boolean skipDollarQuoted() {
      int end = at + 1;
      while (!h2 && end < sql.length() && isWord(sql.charAt(end))) {
        end++;
      }
      boolean digit = end > at + 1 && Character.isDigit(sql.charAt(at + 1));
      if (digit || end >= sql.length() || sql.charAt(end) != '$') {
        return false;
      }
      String tag = sql.substring(at, end + 1);
      int close = sql.indexOf(tag, end + 1);
      at = close < 0 ? sql.length() : close + tag.length();
      return true;
    }

    private void skipLine() {
      while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
        at++;
      }
    }

    /** PostgreSQL and H2 nest comments. */
    private void skipComment() {
      int depth = 0;
      do {
        if (sql.startsWith("/*", at) && (depth == 0 || postgresql || h2)) {
          depth++;
          at += 2;
        } else if (sql.startsWith("*/", at)) {
          depth--;
          at += 2;
        } else {
          at++;
        }
      } while (depth > 0 && at < sql.length());
    }

    private static boolean isSpace(char c) {
      return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean isWord(char c) {
      return c == '_' || c >= 0x80 || Character.isLetterOrDigit(c);
    }
  }
}
