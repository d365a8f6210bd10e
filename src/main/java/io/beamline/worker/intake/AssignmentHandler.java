package io.beamline.worker.intake;

import io.beamline.worker.cancellation.Cancellations;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.contract.json.AssignmentDecoder;
import io.beamline.worker.contract.json.Decoded;
import io.beamline.worker.execution.DeliveryLimit;
import io.beamline.worker.execution.QueueOverload;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepFactory;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.observability.tracing.AssignmentTrace.DeliveryEnd;
import io.beamline.worker.observability.tracing.Tracing;
import io.beamline.worker.queue.StepPools;
import io.beamline.worker.result.Answer;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.DeadLetters;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.timeout.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles one message: validates it, takes the flags, submits the step, and publishes the ack.
 * Never waits for a step. Used by one thread.
 */
final class AssignmentHandler {

  private static final Logger log = LoggerFactory.getLogger(AssignmentHandler.class);

  private final AssignmentDecoder decoder;
  private final Answers answers;
  private final Refusals refusals;
  private final DeadLetters deadLetters;
  private final StepFactory steps;
  private final StepPools pools;
  private final DeliveryLimit deliveryLimit;
  private final Cancellations cancellations;
  private final FeatureFlags flags;
  private final Tracing tracing;
  private final TimeSource time;

  AssignmentHandler(
      AssignmentDecoder decoder,
      Answers answers,
      Refusals refusals,
      DeadLetters deadLetters,
      StepFactory steps,
      StepPools pools,
      DeliveryLimit deliveryLimit,
      Cancellations cancellations,
      FeatureFlags flags,
      Tracing tracing,
      TimeSource time) {
    this.decoder = decoder;
    this.answers = answers;
    this.refusals = refusals;
    this.deadLetters = deadLetters;
    this.steps = steps;
    this.pools = pools;
    this.deliveryLimit = deliveryLimit;
    this.cancellations = cancellations;
    this.flags = flags;
    this.tracing = tracing;
    this.time = time;
  }

  /** Handles a message. Its content never causes an exception. */
  void handle(Delivery arrival) {
    handle(arrival, false);
  }

  /**
   * Rejects a message because the worker shuts down. Core delivery needs it: nobody else gets the
   * message.
   */
  void rejectInDrain(Delivery arrival) {
    handle(arrival, true);
  }

  private void handle(Delivery arrival, boolean draining) {
    long arrived = time.nanos();
    Delivery delivery = arrival.traced(tracing);
    try {
      switch (decoder.decode(delivery.body())) {
        case Decoded.Malformed(AssignmentIdentity known, String fault) ->
            deadLetters.malformed(known, fault, delivery);
        case Decoded.Rejected rejected -> reject(rejected, delivery);
        case Decoded.Valid valid when draining ->
            reject(
                new Decoded.Rejected(
                    AssignmentIdentity.of(valid.assignment()),
                    RejectReason.SHUTTING_DOWN,
                    "the worker shuts down"),
                delivery);
        case Decoded.Valid valid -> take(valid, delivery, arrived);
      }
    } catch (RuntimeException | Error e) {
      delivery.trace().close(DeliveryEnd.HANDED_BACK);
      throw e;
    }
  }

  private void reject(Decoded.Rejected rejected, Delivery delivery) {
    AssignmentIdentity identity =
        rejected.identity().withHeaderIds(delivery.tenantId(), delivery.traceId());
    Answer answer = answers.open(identity, delivery);
    if (answer == null) {
      return;
    }
    try {
      refusals.reject(answer, rejected);
    } catch (RuntimeException | Error e) {
      answer.handBack();
      throw e;
    }
  }

  private void take(Decoded.Valid valid, Delivery delivery, long arrived) {
    ExecAssignment assignment = valid.assignment();
    AssignmentIdentity identity =
        AssignmentIdentity.of(assignment).withHeaderIds(delivery.tenantId(), delivery.traceId());
    Answer answer = answers.open(identity, delivery);
    if (answer == null) {
      return;
    }
    try {
      logAdjustments(valid);
      submit(assignment, answer, arrived);
    } catch (RuntimeException | Error e) {
      log.atError()
          .addKeyValue("assignment_id", assignment.assignmentId())
          .setCause(e)
          .log("An assignment could not be accepted or rejected; it is handed back with an error");
      answers.reportFailure(answer);
    }
  }

  private static void logAdjustments(Decoded.Valid valid) {
    if (!valid.adjustments().isEmpty()) {
      log.atInfo()
          .addKeyValue("assignment_id", valid.assignment().assignmentId())
          .addKeyValue("adjustments", valid.adjustments())
          .log("Options adjusted");
    }
  }

  private void submit(ExecAssignment assignment, Answer answer, long arrived) {
    if (deliveryLimit.endIfExceeded(answer)) {
      answers.accept(answer, null, false);
      return;
    }
    FlagSnapshot snapshot = flags.snapshot(assignment.assignmentId(), assignment.tenantId());
    Step step = steps.create(assignment, snapshot, answer, arrived);
    if (cancellations.endIfRequested(step)) {
      answers.accept(answer, null, step.isCp2());
    } else if (pools.submit(step)) {
      QueueOverload queue = step.queueOverload();
      answers.accept(answer, queue == null ? null : queue.atSubmission(), step.isCp2());
    }
  }
}
