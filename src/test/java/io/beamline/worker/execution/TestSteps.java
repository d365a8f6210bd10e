package io.beamline.worker.execution;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.result.Answer;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Makes steps for tests of other rooms: nothing runs in them, and nobody is answered. */
public final class TestSteps {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Block BLOCK = block();
  private static final Answer FIRST = answer(1);

  private TestSteps() {}

  /** A step of the cpu pool that came with its first delivery. */
  public static Step fresh() {
    return delivered(1);
  }

  /** A step of the cpu pool. */
  public static Step delivered(long count) {
    return step(count == 1 ? FIRST : answer(count), Deadline.never());
  }

  /** A step of the cpu pool whose deadline is so far from a point on the monotonic clock. */
  static Step due(long nowNanos, Duration within) {
    return step(FIRST, Deadline.after(nowNanos, within));
  }

  /** A step of the cpu pool with this deadline. */
  static Step delivered(long count, Deadline deadline) {
    return step(answer(count), deadline);
  }

  /** A step of the cpu pool under these flags. */
  static Step under(FlagSnapshot flags) {
    return step(FIRST, Deadline.never(), flags);
  }

  /** A step of the cpu pool under these flags, which arrived at 0 with this deadline. */
  static Step under(FlagSnapshot flags, Deadline deadline) {
    return step(FIRST, deadline, flags);
  }

  private static Step step(Answer answer, Deadline deadline) {
    return step(answer, deadline, FlagSnapshot.of(false, false));
  }

  private static Step step(Answer answer, Deadline deadline, FlagSnapshot flags) {
    ExecAssignment assignment =
        new ExecAssignment(
            "a-" + COUNT.incrementAndGet(),
            "r",
            "t",
            "p",
            "sleep",
            new RawJson("{}"),
            new ExecAssignment.Options(50, 0, 0, 0),
            Correlation.NONE);
    StepLimits limits =
        new StepLimits(
            1, Duration.ofSeconds(1), OperationTimeouts.cp1(Duration.ofSeconds(1)), deadline);
    return new Step(assignment, BLOCK, flags, limits, answer, 0);
  }

  /** An attempt of the step fails, and it waits 100 ms for the next. */
  static void fail(Step step, StepError error, long startNanos, long endNanos) {
    boolean queued = step.queue(Place.NONE);
    StepState.Running attempt = step.start(startNanos);
    if (!queued
        || attempt == null
        || !step.pause(error, Place.NONE, Duration.ofMillis(100), endNanos)) {
      throw new AssertionError("the step has ended");
    }
  }

  /** Runs steps by doing something with them; what it throws is thrown by the pool's thread. */
  public static StepExecution execution(Consumer<Step> work) {
    StepExecution execution = mock(StepExecution.class, withSettings().stubOnly());
    doAnswer(
            call -> {
              work.accept(call.getArgument(0));
              return true;
            })
        .when(execution)
        .runAttempt(any(), any());
    return execution;
  }

  private static Block block() {
    Block block = mock(Block.class, withSettings().stubOnly());
    when(block.type()).thenReturn(new BlockType("sleep", List.of(), ResourcePool.CPU));
    return block;
  }

  private static Answer answer(long count) {
    Answer answer = mock(Answer.class, withSettings().stubOnly());
    when(answer.identity())
        .thenReturn(
            new AssignmentIdentity(
                "a", "r", "t", "p", "sleep", new Correlation("trace", "run", "flow", "step")));
    when(answer.delivery()).thenReturn(new Delivery("s", new byte[0], null, null, count));
    return answer;
  }
}
