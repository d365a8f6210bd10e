package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_COMPLETE_TIMEOUT_ENABLED;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.beamline.worker.config.FeatureProperties.GradualBy;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.togglz.core.repository.FeatureState;

/** What it costs to read the flags of one assignment, when both are on for a share. */
class FlagCostTest {

  private static final int ROUNDS = 40;
  private static final int READS = 20_000;

  /** One snapshot reads two flags, each within 150 ns. */
  private static final double LIMIT_NANOS = 2 * 150;

  private final String[] ids =
      IntStream.range(0, 1024)
          .mapToObj("7d9f6a30-3c38-4d0f-9a5c-%012d"::formatted)
          .toArray(String[]::new);
  private int on;

  /** The best of many rounds: the others are the machine's. */
  @Test
  void isSmallAndTakesNoMemory() {
    TogglzFlags flags = flags();
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    long leastBytes = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long bytes = thread.getCurrentThreadAllocatedBytes();
      long started = System.nanoTime();
      read(flags);
      best = Math.min(best, System.nanoTime() - started);
      leastBytes = Math.min(leastBytes, thread.getCurrentThreadAllocatedBytes() - bytes);
    }

    assertThat(on).isBetween(ROUNDS * READS / 5, ROUNDS * READS / 3);
    assertThat(best / (double) READS).isLessThan(LIMIT_NANOS);
    assertThat(leastBytes).as("bytes of %d reads", READS).isLessThan(READS);
  }

  private void read(TogglzFlags flags) {
    for (int i = 0; i < READS; i++) {
      if (flags.snapshot(ids[i & 1023], "tenant").advancedRetry()) {
        on++;
      }
    }
  }

  /** Both flags of an assignment, on for a share. */
  static TogglzFlags flags() {
    FlagStates states = new FlagStates(Map.of(), new MemoryFlagStore(), () -> null, "w");
    for (WorkerFeature flag :
        new WorkerFeature[] {CP2_ADVANCED_RETRY_ENABLED, CP2_COMPLETE_TIMEOUT_ENABLED}) {
      states.setFeatureState(
          new FeatureState(flag, true).setStrategyId("gradual").setParameter("percentage", "25"));
    }
    return new TogglzFlags(states, GradualBy.ASSIGNMENT_ID, "w");
  }
}
