package io.beamline.worker.block.sql;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.destination.AttemptVerdict;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Maps errors of databases to failures (contract section 3), by their SQLState, and by their own
 * codes where the state says too little. No text of a database is in a failure, because it may
 * quote values. Pure.
 */
final class SqlFailures {

  private static final Pattern STATE = Pattern.compile("[0-9A-Z]{5}");

  /** What a PostgreSQL driver says when a row is larger than it may read. */
  private static final String TOO_LARGE = "maxResultBuffer";

  private SqlFailures() {}

  /** What an error means, whoever reports it. */
  private enum Meaning {
    CONNECTION(ErrorCode.NETWORK_ERROR, true, "The database cannot be reached, or was lost"),
    BUSY(ErrorCode.RESOURCE_UNAVAILABLE, true, "The database cannot run the statement now"),
    CONFLICT(
        ErrorCode.EXECUTION_FAILED, true, "The statement was in conflict with another transaction"),
    DENIED(ErrorCode.PERMISSION_DENIED, false, "The database denies the statement"),
    LOGIN(ErrorCode.PERMISSION_DENIED, false, "The database denies the login"),
    READ_ONLY(ErrorCode.PERMISSION_DENIED, false, "The statement would write, and must only read"),
    BAD_STATEMENT(
        ErrorCode.INVALID_INPUT, false, "The database does not take the statement or a parameter"),
    CONSTRAINT(ErrorCode.EXECUTION_FAILED, false, "The statement violates a constraint"),
    OTHER(ErrorCode.EXECUTION_FAILED, false, "The database could not run the statement");

    private final ErrorCode code;
    private final boolean retryable;
    private final String message;

    Meaning(ErrorCode code, boolean retryable, String message) {
      this.code = code;
      this.retryable = retryable;
      this.message = message;
    }

    AttemptVerdict verdict() {
      return this == CONNECTION || this == BUSY ? AttemptVerdict.FAILED : AttemptVerdict.WORKED;
    }
  }

  /**
   * Returns the failure of a statement whose connection still answers. It says nothing against the
   * database: a statement can raise any state it likes, also one that says the connection is lost.
   */
  static StepFailure ofStatement(SQLException error, Dialect dialect, String datasource) {
    return of(error, dialect, datasource, true).saying(AttemptVerdict.WORKED);
  }

  /** Returns the failure of a statement that got no connection, or lost it. */
  static StepFailure ofConnection(SQLException error, Dialect dialect, String datasource) {
    return of(error, dialect, datasource, false);
  }

  private static StepFailure of(
      SQLException error, Dialect dialect, String datasource, boolean connected) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("datasource", datasource);
    if (isTooLarge(error)) {
      return StepFailure.withoutRetry(
              StepError.of(ErrorCode.QUOTA_EXCEEDED, "The rows are too large to be read", details))
          .saying(AttemptVerdict.WORKED);
    }
    String state = state(error.getSQLState());
    if (state != null) {
      details.put("sql_state", state);
    }
    Meaning meaning = meaning(dialect, state == null ? "" : state, error.getErrorCode());
    if (connected && meaning == Meaning.CONNECTION) {
      meaning = Meaning.OTHER;
    }
    StepError failure =
        new StepError(
            meaning.code, meaning.code.type(), meaning.message, meaning.retryable, details);
    return new StepFailure(failure).saying(meaning.verdict());
  }

  /** Returns whether an error says that the connection is lost. */
  static boolean isOfConnection(SQLException error) {
    String state = state(error.getSQLState());
    return state != null && state.startsWith("08") && !isTooLarge(error);
  }

  private static boolean isTooLarge(SQLException error) {
    return String.valueOf(error.getMessage()).contains(TOO_LARGE);
  }

  /** Returns a state that may be shown, or null if it is none. */
  static @Nullable String state(@Nullable String text) {
    return text != null && STATE.matcher(text).matches() ? text : null;
  }

  private static Meaning meaning(Dialect dialect, String state, int code) {
    Meaning own =
        switch (dialect) {
          case MARIADB -> ofMariaDb(code);
          case H2 -> ofH2(code);
          case POSTGRESQL, OTHER -> null;
        };
    return own == null ? ofState(state) : own;
  }

  private static Meaning ofState(String state) {
    return switch (state) {
      case "42501" -> Meaning.DENIED;
      case "25006" -> Meaning.READ_ONLY;
      case "55P03" -> Meaning.CONFLICT;
      default ->
          switch (state.isEmpty() ? "" : state.substring(0, 2)) {
            case "08" -> Meaning.CONNECTION;
            case "28" -> Meaning.LOGIN;
            case "40" -> Meaning.CONFLICT;
            case "53", "57" -> Meaning.BUSY;
            case "07", "0A", "21", "22", "26", "42" -> Meaning.BAD_STATEMENT;
            case "23" -> Meaning.CONSTRAINT;
            default -> Meaning.OTHER;
          };
    };
  }

  /** MariaDB reports many errors with a general state. */
  private static @Nullable Meaning ofMariaDb(int code) {
    return switch (code) {
      // No right to a database, a table, a column, a routine, or what needs a privilege.
      case 1044, 1142, 1143, 1227, 1370 -> Meaning.DENIED;
      case 1045, 1698 -> Meaning.LOGIN;
      // The server, or the transaction, is read-only.
      case 1290, 1792, 1836 -> Meaning.READ_ONLY;
      // A lock that took too long, and a deadlock.
      case 1205, 1213 -> Meaning.CONFLICT;
      // Too many connections, full disk, no memory, shutdown, query killed or out of time.
      case 1040, 1203, 1226, 1021, 1037, 1038, 1041, 1053, 1317, 1969, 3024 -> Meaning.BUSY;
      case 1927 -> Meaning.CONNECTION;
      // A parameter that does not fit, and an unknown or wrong value.
      case 1264, 1265, 1292, 1366, 1406, 1411 -> Meaning.BAD_STATEMENT;
      default -> null;
    };
  }

  /** H2 has its own states from 90000 on. */
  private static @Nullable Meaning ofH2(int code) {
    return switch (code) {
      case 90096 -> Meaning.DENIED;
      case 90097 -> Meaning.READ_ONLY;
      case 50200 -> Meaning.CONFLICT;
      case 90020, 90067, 90098, 90121, 90031, 90030, 90046 -> Meaning.CONNECTION;
      case 90008, 90012, 90004, 90005, 90054, 90055, 90022, 90016 -> Meaning.BAD_STATEMENT;
      default -> null;
    };
  }
}
