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
        new PutBench(),
        new GetBench(),
        new PlainBench(),
        new FirstBuildBench(),
        new StartBench(),
        new FirstSecondsBench(),
        new ServerMemoryBench(),
        new ScalingBench(),
        new HoldBench(),
        new TracingBench(),
        new HealthyBench(),
        new IdleBench(),
        new JmhBench());
  }
}
