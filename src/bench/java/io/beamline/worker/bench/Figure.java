package io.beamline.worker.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was found out about one thing.
 *
 * @param name what was measured
 * @param against what it was compared with; empty for nothing
 * @param value what the target is about, of each round
 * @param target what it should be
 * @param worker the worker's own number, of each round
 * @param other the number of what it was compared with
 * @param unit of these two numbers
 */
record Figure(
    String name,
    String against,
    Series value,
    Target target,
    Series worker,
    Series other,
    String unit) {

  /** The worker's number ÷ the other's. */
  static Figure ratio(
      String name, String against, Target target, Series worker, Series other, String unit) {
    return new Figure(name, against, worker.over(other), target, worker, other, unit);
  }

  /** What the worker adds to the other's number. */
  static Figure added(
      String name, String against, Target target, Series worker, Series other, String unit) {
    return new Figure(name, against, worker.less(other), target, worker, other, unit);
  }

  /** Whether it is so bad that a change must not land. */
  boolean isCollapsed() {
    return target.isCollapsed(value.median());
  }

  /** For programs. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("figure", name);
    json.put("against", against);
    json.put("target", target.toString());
    json.put("met", target.isMet(value.median()));
    json.put("value", json(value));
    json.put("unit", unit);
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

  /** The heads of the columns of {@link #toString}. */
  static String header() {
    return "| figure | compared with | median (least to greatest) | target | met | worker | other |"
        + " unit |\n|---|---|---|---|---|---|---|---|";
  }

  /** A row of the table. */
  @Override
  public String toString() {
    return "| %s | %s | %s | %s | %s | %s | %s | %s |"
        .formatted(
            name,
            against,
            value,
            target,
            target.isMet(value.median()) ? "yes" : "NO",
            worker,
            against.isEmpty() ? "" : other,
            unit);
  }
}
