package io.beamline.worker.block.sql;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.sql.LimitedOutput.LimitExceededException;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.destination.AttemptVerdict;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/**
 * Reads the rows of a result one by one into JSON, up to a number of rows and of bytes. It never
 * holds more than that, and some rows that the driver has fetched. Used by one thread.
 */
final class RowReader {

  /** Few, because nobody knows yet how large a row is. */
  static final int FIRST_FETCH = 16;

  private static final int MOST_FETCHED = 1_000;

  /** What the driver fetches at once should be about as large, in bytes. */
  private static final int FETCHED_BYTES = 256 * 1_024;

  private final Dialect dialect;
  private final SqlTask task;
  private final int maxRows;
  private final long maxBytes;
  private final List<String> names = new ArrayList<>();
  private final List<String> types = new ArrayList<>();
  private final List<ColumnReader> readers = new ArrayList<>();

  /**
   * Creates a reader of one result.
   *
   * @param task asked before each row whether somebody still waits
   * @param maxRows the most rows to return
   * @param maxBytes the most bytes that the rows may have as JSON
   */
  RowReader(Dialect dialect, SqlTask task, int maxRows, long maxBytes) {
    this.dialect = dialect;
    this.task = task;
    this.maxRows = maxRows;
    this.maxBytes = maxBytes;
  }

  /**
   * Reads a result from its first row.
   *
   * @throws StepFailure QUOTA_EXCEEDED without a retry if the rows have too many bytes
   */
  QueryResult read(ResultSet rows) throws SQLException, StepFailure {
    ResultSetMetaData columns = rows.getMetaData();
    Set<String> taken = new HashSet<>();
    for (int column = 1; column <= columns.getColumnCount(); column++) {
      taken.add(columns.getColumnLabel(column));
    }
    Set<String> used = new HashSet<>();
    for (int column = 1; column <= columns.getColumnCount(); column++) {
      String type = ColumnReaders.typeName(dialect, columns, column);
      names.add(uniqueName(columns.getColumnLabel(column), taken, used));
      types.add(type);
      readers.add(ColumnReaders.of(dialect, columns, column, type));
    }
    try {
      return written(rows);
    } catch (LimitExceededException e) {
      throw StepFailure.withoutRetry(ResultLimit.exceeded(e.size(), maxBytes))
          .saying(AttemptVerdict.WORKED);
    }
  }

  /** The second column of a name gets a suffix that makes it unlike all others. */
  private static String uniqueName(String label, Set<String> taken, Set<String> used) {
    String name = label;
    int number = 1;
    while (!used.add(name)) {
      do {
        number++;
        name = label + "_" + number;
      } while (taken.contains(name));
    }
    return name;
  }

  private QueryResult written(ResultSet rows) throws SQLException {
    LimitedOutput out = new LimitedOutput(maxBytes);
    int count = 0;
    boolean truncated = false;
    JsonGenerator json = SqlJson.writer(out);
    json.writeStartArray();
    while (rows.next()) {
      if (count == maxRows) {
        truncated = true;
        break;
      }
      task.checkpoint();
      write(json, rows);
      count++;
      if (count >= FIRST_FETCH && Integer.bitCount(count) == 1) {
        json.flush();
        rows.setFetchSize(fetchSize(out.size() / count));
      }
    }
    json.writeEndArray();
    json.close();
    return new QueryResult(columns(), out.json(), count, null, truncated);
  }

  private static int fetchSize(int bytesPerRow) {
    return Math.clamp(FETCHED_BYTES / Math.max(1, bytesPerRow), 1, MOST_FETCHED);
  }

  private void write(JsonGenerator json, ResultSet rows) throws SQLException {
    json.writeStartObject();
    for (int i = 0; i < readers.size(); i++) {
      json.writeName(names.get(i));
      readers.get(i).write(json, rows, i + 1);
    }
    json.writeEndObject();
  }

  private RawJson columns() {
    LimitedOutput out = new LimitedOutput(Integer.MAX_VALUE);
    try (JsonGenerator json = SqlJson.writer(out)) {
      json.writeStartArray();
      for (int i = 0; i < names.size(); i++) {
        json.writeStartObject();
        json.writeStringProperty("name", names.get(i));
        json.writeStringProperty("type", types.get(i));
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return out.json();
  }
}
