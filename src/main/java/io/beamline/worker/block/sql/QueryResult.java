package io.beamline.worker.block.sql;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a statement returned. Immutable.
 *
 * @param columns names and types, a JSON array
 * @param rows a JSON array of objects
 * @param rowCount the number of rows in it
 * @param affectedRows rows that a statement without a result set changed; null with one
 * @param truncated whether there were more rows
 */
record QueryResult(
    RawJson columns, RawJson rows, int rowCount, @Nullable Long affectedRows, boolean truncated) {

  private static final RawJson NOTHING = new RawJson("[]");
  private static final RawJson NULL = new RawJson("null");

  /** Returns the result of a statement without a result set. */
  static QueryResult changed(long rows) {
    return new QueryResult(NOTHING, NOTHING, 0, rows, false);
  }

  /** Returns the outputs of the step. */
  Outputs outputs() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("columns", columns);
    values.put("rows", rows);
    values.put("row_count", rowCount);
    values.put("affected_rows", affectedRows == null ? NULL : affectedRows);
    values.put("truncated", truncated);
    return Outputs.of(values);
  }
}
