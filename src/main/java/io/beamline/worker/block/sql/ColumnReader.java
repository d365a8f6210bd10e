package io.beamline.worker.block.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import tools.jackson.core.JsonGenerator;

/** Writes the values of one column as JSON. */
@FunctionalInterface
interface ColumnReader {

  /**
   * Writes the value of the current row.
   *
   * @param column the number of the column, from 1
   */
  void write(JsonGenerator json, ResultSet rows, int column) throws SQLException;

  /** Returns a reader of values that the driver returns as text. */
  static ColumnReader ofText(ValueKind kind) {
    return (json, rows, column) -> {
      String text = rows.getString(column);
      if (text == null) {
        json.writeNull();
      } else {
        kind.write(json, text);
      }
    };
  }

  /** Returns a reader of bytes. */
  static ColumnReader ofBytes() {
    return (json, rows, column) -> {
      byte[] bytes = rows.getBytes(column);
      if (bytes == null) {
        json.writeNull();
      } else {
        json.writeBinary(bytes);
      }
    };
  }
}
