package io.beamline.worker.bench;

import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** Loads of minutes, once. What misses its target fails. */
@Tag("bench-long")
class BenchLongIT extends BenchCase {

  BenchLongIT() {
    super(
        Effort.ONCE,
        new LoadBench(200, Row.LOAD_SUCCEEDED, Row.LOAD_P95),
        new LoadBench(500, Row.HIGH_LOAD_SUCCEEDED, Row.HIGH_LOAD_P95),
        new BurstBench(),
        new GrowthBench(Duration.ofMinutes(10)));
  }
}
