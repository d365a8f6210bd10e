package io.beamline.worker.cancellation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The races of {@link CancelRaceTest}, a hundred thousand of them. */
@Tag("long")
class CancelRaceIT {

  @Test
  void eachOfHundredThousandEndsOnce() throws Exception {
    new CancelRaceTest().race(20);
  }
}
