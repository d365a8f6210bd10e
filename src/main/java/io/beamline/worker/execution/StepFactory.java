package io.beamline.worker.execution;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.config.RetryProperties;
import io.beamline.worker.config.TimeoutProperties;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.result.Answer;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;

/** Creates the steps of assignments: finds the block and determines the limits. Thread-safe. */
public final class StepFactory {

  private final BlockRegistry blocks;
  private final RetryProperties retry;
  private final TimeoutProperties timeouts;
  private final OperationTimeouts cp2;

  StepFactory(BlockRegistry blocks, RetryProperties retry, TimeoutProperties timeouts) {
    this.blocks = blocks;
    this.retry = retry;
    this.timeouts = timeouts;
    this.cp2 = cp2(timeouts);
  }

  /**
   * Creates the step of an assignment. Its type must be supported.
   *
   * @param arrivedNanos when the worker received it, on the monotonic clock
   */
  public Step create(
      ExecAssignment assignment, FlagSnapshot flags, Answer answer, long arrivedNanos) {
    Block block = blocks.find(assignment.jobType());
    if (block == null) {
      throw new IllegalArgumentException("the type was not checked");
    }
    Step step =
        new Step(
            assignment,
            block,
            flags,
            limits(assignment, flags, arrivedNanos),
            answer,
            arrivedNanos);
    answer.attach(step);
    answer
        .delivery()
        .trace()
        .accepted(flags.advancedRetry(), flags.completeTimeout(), flags.circuitBreaker());
    return step;
  }

  private StepLimits limits(ExecAssignment assignment, FlagSnapshot flags, long arrivedNanos) {
    ExecAssignment.Options options = assignment.options();
    int attempts =
        options.maxAttempts() == ExecAssignment.ABSENT
            ? retry.maxAttempts()
            : options.maxAttempts();
    Duration total =
        options.deadlineMs() == ExecAssignment.ABSENT
            ? timeouts.total()
            : Duration.ofMillis(options.deadlineMs());
    return flags.completeTimeout()
        ? new StepLimits(attempts, total, cp2, Deadline.after(arrivedNanos, total))
        : new StepLimits(attempts, total, OperationTimeouts.cp1(total), Deadline.never());
  }

  /**
   * With complete timeout, an HTTP attempt has timeouts for its phases and the step's deadline, but
   * no total timeout.
   */
  private static OperationTimeouts cp2(TimeoutProperties timeouts) {
    return new OperationTimeouts(
        OperationTimeouts.UNLIMITED,
        timeouts.http().connect(),
        timeouts.http().response(),
        timeouts.fs().read(),
        timeouts.fs().write(),
        timeouts.fs().delete(),
        timeouts.sql().query(),
        timeouts.nats().request(),
        OperationTimeouts.UNLIMITED);
  }
}
