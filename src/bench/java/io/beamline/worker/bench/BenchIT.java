package io.beamline.worker.bench;

import org.junit.jupiter.api.Tag;

/**
 * How fast the worker is, as ratios to what is measured beside it. What is not half as good as it
 * should be fails.
 */
@Tag("bench")
class BenchIT extends BenchCase {

  BenchIT() {
    super(
        Effort.wanted(),
        new EchoBench(),
        new HttpBench(),
        new FileBench(4 * 1024, Row.PUT_SMALL, 2_000, Row.GET_SMALL, 12_000),
        new FileBench(512 * 1024, Row.PUT_LARGE, 100, Row.GET_LARGE, 200),
        new FirstBuildBench(),
        new LatencyBench(),
        new StartBench(),
        new ScalingBench(),
        new HealthyBench(),
        new IdleBench(),
        new JmhBench());
  }
}
