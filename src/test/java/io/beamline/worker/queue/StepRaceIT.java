package io.beamline.worker.queue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The races of {@link StepRaceTest}, a hundred thousand of them. */
@Tag("long")
class StepRaceIT {

  @Test
  void eachOfHundredThousandEndsOnceAndLeavesNothingBehind() throws Exception {
    new StepRaceTest().race(20);
  }
}
