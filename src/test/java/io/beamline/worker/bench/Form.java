package io.beamline.worker.bench;

import java.util.Arrays;
import java.util.List;

/** How much is measured at once. */
enum Form {
  /** The main figures, in three minutes. */
  SHORT,
  /** All figures that are ratios, in fifteen. */
  FULL;

  /** Whether it measures a row. */
  boolean has(Row row) {
    return row.form() == this || this == FULL;
  }

  /** What it measures, in the order of the table. */
  List<Row> rows() {
    return Arrays.stream(Row.values()).filter(this::has).toList();
  }
}
