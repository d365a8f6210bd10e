package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.queue.DeadlineBurst.Burst;
import org.junit.jupiter.api.Test;

/** What it costs to end a step at its deadline (W3-2.3) does not depend on how many others wait. */
class DeadlineBurstTest {

  @Test
  void endsThousandsAtOnceWithoutASearchThroughThoseThatWait() {
    try (DeadlineBurst burst = new DeadlineBurst()) {
      Burst unused = burst.behind(100);
      Burst few = burst.behind(100);
      Burst many = burst.behind(30_000);

      // A search for each would take 150 000 000 steps.
      assertThat(many.processorTime())
          .as("%s, and %s behind few", many, few)
          .isLessThan(few.processorTime().multipliedBy(3).plusMillis(300));
      assertThat(many.lateness().ended().p99()).as("%s", many).isLessThan(5_000);
    }
  }
}
