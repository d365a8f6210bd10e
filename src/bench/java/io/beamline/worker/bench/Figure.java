package io.beamline.worker.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was found out about one row.
 *
 * @param row what was measured
 * @param value what the target is about, of each round
 * @param worker the worker's own number, of each round
 * @param other the number of what it was compared with
 */
record Figure(Row row, Series value, Series worker, Series other) {

  /** The heads of a table's columns. */
  static final String HEADER =
      """
      | figure | compared with | median (least to greatest) | target | met | worker | other | unit |
      |---|---|---|---|---|---|---|---|
      """;

  /** The worker's number ÷ the other's. */
  static Figure ratio(Row row, Series worker, Series other) {
    return new Figure(row, worker.over(other), worker, other);
  }

  /** What the worker adds to the other's number. */
  static Figure added(Row row, Series worker, Series other) {
    return new Figure(row, worker.less(other), worker, other);
  }

  /** The worker's number as it is. */
  static Figure alone(Row row, Series worker) {
    return new Figure(row, worker, worker, worker);
  }

  /**
   * The worker's number as it is, beside another one that the target is not about.
   *
   * @param other of as many rounds, or of fewer
   */
  static Figure beside(Row row, Series worker, Series other) {
    return new Figure(row, worker, worker, other);
  }

  /**
   * Whether it is so bad that a change must not land: what the machine's noise decides is only
   * told.
   */
  boolean fails() {
    return row.isFloor()
        ? !row.target().isMet(value.median())
        : row.target().isCollapsed(value.median());
  }

  /** For programs. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("figure", row.figure());
    json.put("against", row.against());
    json.put("target", row.target().toString());
    json.put("met", row.target().isMet(value.median()));
    json.put("value", json(value));
    json.put("unit", row.unit());
    json.put("worker", json(worker));
    json.put("other", json(other));
    return json;
  }

  private static Map<String, Object> json(Series series) {
    return Map.of(
        "median", series.median(),
        "min", series.min(),
        "max", series.max(),
        "rounds", series.values());
  }

  /** A line of the table. */
  @Override
  public String toString() {
    return "| %s | %s | %s | %s | %s | %s | %s | %s |"
        .formatted(
            row.figure(),
            row.against(),
            value,
            row.target(),
            row.target().verdict(value.median()),
            worker,
            row.against().isEmpty() ? "" : other,
            row.unit());
  }
}
