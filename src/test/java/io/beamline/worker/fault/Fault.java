package io.beamline.worker.fault;

import java.time.Duration;
import java.util.List;

/** One thing that can break. Implementations keep no state between two tries. */
interface Fault {

  /** How the table calls it. */
  String title();

  /** The settings of the flags that it is tried with, each on a site of its own. */
  default List<Flags> settings() {
    return Flags.USUAL;
  }

  /** What it needs to be tried. */
  default Plan plan(Plan standard) {
    return standard;
  }

  /**
   * Breaks it, while the load goes on, until all that is to be seen was seen. The site is whole
   * again when this returns.
   */
  void strike(Site site, Strikes strikes) throws Exception;

  /** Looks at the books, once every assignment is settled. */
  default void review(Site site, Tally tally, Strikes strikes) {}

  /** How long it may take afterwards until every assignment is settled. */
  default Duration patience() {
    return Duration.ofSeconds(90);
  }
}
