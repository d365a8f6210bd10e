package io.beamline.worker.bench;

import java.util.List;

/** Measures one or more figures. Used by one thread. */
interface Bench {

  /** What it measures, in a word. */
  String name();

  /** Whether the short form has it too. */
  boolean main();

  /** Starts what it needs, measures, and ends it. */
  List<Figure> measure(Effort effort);
}
