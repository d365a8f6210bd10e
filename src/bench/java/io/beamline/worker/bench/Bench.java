package io.beamline.worker.bench;

import java.util.List;

/** Measures one or more figures. Used by one thread. */
interface Bench {

  /** What it measures, in a word. */
  String name();

  /** The rows that it measures. */
  List<Row> rows();

  /** The rows of these that a form has. */
  default List<Row> rows(Form form) {
    return rows().stream().filter(form::has).toList();
  }

  /** Starts what it needs, measures, and ends it. Gives a figure for each row that is wanted. */
  List<Figure> measure(Effort effort);
}
