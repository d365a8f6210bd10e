package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.config.QueueProperties.RejectionPolicy;
import io.beamline.worker.contract.Overload;
import io.beamline.worker.execution.QueueOverload;
import io.beamline.worker.execution.StepExecution;
import io.beamline.worker.execution.TestSteps;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order of a queue's tasks, and what it costs to drop one. */
class WaitingTasksTest {

  private final PoolsFixture fixture = new PoolsFixture(RejectionPolicy.DROP_OLDEST, 1, true);
  private final StepExecution execution = TestSteps.execution(step -> {});

  @AfterEach
  void close() {
    fixture.close();
  }

  @RandomCases(200)
  void keepsTheOrderOfArrivalAcrossBothKinds(RandomValues random) {
    WaitingTasks waiting = new WaitingTasks();
    List<StepTask> expected = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      if (random.between(0, 4) < 3) {
        StepTask task = task(random.between(0, 1) == 0);
        waiting.add(task);
        expected.add(task);
      } else if (!expected.isEmpty()) {
        StepTask task = expected.remove(random.between(0, expected.size() - 1));
        assertThat(waiting.remove(task)).isTrue();
        assertThat(waiting.remove(task)).isFalse();
      }
      assertThat(waiting.size()).isEqualTo(expected.size());
      assertThat(waiting.first()).isSameAs(expected.isEmpty() ? null : expected.getFirst());
      assertThat(waiting.firstManaged()).isSameAs(firstManaged(expected));
    }
    assertThat(waiting.copy()).containsExactlyElementsOf(expected);
  }

  @Test
  void dropsOneOfManyWithoutASearchThroughThoseThatStay() {
    AdmissionQueue queue = new AdmissionQueue(1);
    for (int i = 0; i < 100_000; i++) {
      queue.admit(task(false));
    }
    StepTask last = task(true);
    queue.admit(last);

    long before = cpuNanos();
    for (int i = 0; i < 20_000; i++) {
      StepTask newcomer = task(true);
      AdmissionQueue.Displacement displacement = queue.offerDroppingOldest(newcomer);
      assertThat(displacement.dropped() == last).isTrue();
      last = newcomer;
    }

    // A search for each would take 2 000 000 000 steps.
    assertThat(Duration.ofNanos(cpuNanos() - before)).isLessThan(Duration.ofSeconds(2));
    assertThat(queue).hasSize(100_001);
  }

  private StepTask task(boolean managed) {
    StepTask task = new StepTask(TestSteps.fresh(), fixture.pool, execution, fixture.pools, 0);
    if (managed) {
      Overload overload = new Overload("healthy", 0);
      task.manage(1, depth -> new QueueOverload(overload, () -> overload));
      task.recordDepth(0);
    }
    return task;
  }

  private static @Nullable StepTask firstManaged(List<StepTask> tasks) {
    return tasks.stream()
        .filter(task -> task.step().queueOverload() != null)
        .findFirst()
        .orElse(null);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
