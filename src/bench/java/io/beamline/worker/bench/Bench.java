package io.beamline.worker.bench;

import java.util.List;

/** Measures one or more figures. Used by one thread. */
interface Bench {

  /** What it measures, in a word. */
  String name();

  /** The rows that it measures. */
  List<Row> rows();

  /** Starts what it needs, measures, and ends it. Gives a figure for each of its rows. */
  List<Figure> measure(Effort effort);

  /** Whether a form has it. */
  default boolean isIn(Form form) {
    return rows().stream().allMatch(form::has);
  }
}
