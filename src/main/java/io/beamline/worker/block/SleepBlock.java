package io.beamline.worker.block;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Waits for {@code ms} milliseconds, at most until the step's deadline. Thread-safe. */
final class SleepBlock implements Block {

  private static final BlockType TYPE = new BlockType("sleep", List.of(), ResourcePool.CPU);
  private static final long DEFAULT_MS = 100;
  private static final long MAX_MS = 600_000;

  private final TimeSource time;

  SleepBlock(TimeSource time) {
    this.time = time;
  }

  @Override
  public BlockType type() {
    return TYPE;
  }

  @Override
  public boolean hasEffects() {
    return false;
  }

  @Override
  public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    long wantedMs = call.inputs().wholeNumber("ms", 0, MAX_MS, DEFAULT_MS);
    Duration wanted = Duration.ofMillis(wantedMs);
    Duration possible = call.deadline().cap(wanted, time.nanos());
    time.sleep(possible);
    if (possible.compareTo(wanted) < 0) {
      throw deadlinePassed(wantedMs);
    }
    return Outputs.of(Map.of("slept_ms", wantedMs));
  }

  private static StepFailure deadlinePassed(long wantedMs) {
    return StepFailure.of(
        ErrorCode.CANCELLED_BY_TIMEOUT,
        "The step's deadline passed",
        Map.of("operation_type", TYPE.name(), "timeout_type", "total", "wanted_ms", wantedMs));
  }
}
