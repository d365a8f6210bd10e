package io.beamline.worker.bench;

import java.util.Arrays;
import java.util.List;

/** How much is measured at once. */
enum Form {
  /** The main figures, in three minutes. */
  SHORT("bench"),
  /** All figures that are ratios, in thirty. */
  FULL("bench"),
  /** Loads of minutes, and how they are borne. */
  LONG("bench-long"),
  /** The rate by the number of workers, assignments, tenants and others, in fifteen. */
  SIZES("bench-sizes");

  private final String profile;

  Form(String profile) {
    this.profile = profile;
  }

  /** The build's profile that measures it. */
  String profile() {
    return profile;
  }

  /** Whether it measures a row. */
  boolean has(Row row) {
    return row.form() == this || (row.form() == SHORT && this == FULL);
  }

  /** What it measures, in the order of the table. */
  List<Row> rows() {
    return Arrays.stream(Row.values()).filter(this::has).toList();
  }
}
