package io.beamline.worker.result;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.observability.tracing.AssignmentTrace.DeliveryEnd;
import io.beamline.worker.timeout.TimeSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes dead letters for messages that are not assignments (contract section 7). {@link
 * Answers} publishes the dead letters of assignments. Safe for several threads.
 */
public final class DeadLetters {

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final AnswerWriter writer;
  private final Outbox outbox;
  private final Leases leases;
  private final WorkerMetrics metrics;
  private final TimeSource time;
  private final LogThrottle throttle;

  DeadLetters(
      AnswerWriter writer,
      Outbox outbox,
      Leases leases,
      WorkerMetrics metrics,
      TimeSource time,
      LogThrottle throttle) {
    this.writer = writer;
    this.outbox = outbox;
    this.leases = leases;
    this.metrics = metrics;
    this.time = time;
    this.throttle = throttle;
  }

  /**
   * Publishes a message that is not an assignment as a dead letter. The message is acknowledged
   * after the server has confirmed the dead letter.
   *
   * @param known the ids that could be read from the message
   * @param fault why it is not an assignment
   */
  public void malformed(AssignmentIdentity known, String fault, Delivery delivery) {
    Lease lease = delivery.lease();
    List<Lease> held = lease == null ? List.of() : List.of(lease);
    if (lease != null) {
      leases.hold(lease);
    }
    leases.orHandBack(held, () -> publish(known, fault, delivery, held));
  }

  private void publish(
      AssignmentIdentity known, String fault, Delivery delivery, List<Lease> held) {
    AssignmentIdentity identity = known.withHeaderIds(delivery.tenantId(), delivery.traceId());
    delivery.trace().identified(identity);
    StepError error =
        StepError.of(
            ErrorCode.INVALID_FORMAT, "The message is not an assignment", Map.of("fault", fault));
    delivery.trace().ended("malformed", error);
    ExecResult result = ExecResult.neverRan(identity, error, time.epochMillis());
    DeadLetter letter =
        new DeadLetter(result, Reason.MALFORMED, delivery.subject(), delivery.body());
    OutgoingMessage message = writer.deadLetter(letter, delivery);
    record(letter);
    outbox.send(
        message,
        delivery
            .trace()
            .publishes(message.subject(), message.body().length)
            .endingBefore(
                () -> {
                  leases.acknowledge(held);
                  delivery.trace().close(DeliveryEnd.MALFORMED);
                }));
  }

  /** Counts and logs a dead letter. */
  void record(DeadLetter letter) {
    String reason = letter.reason().wireName();
    metrics.deadLettered(reason);
    if (letter.result().outcome() instanceof StepOutcome.Failure(StepError error)) {
      throttle.log(
          "Dead letter " + reason,
          log.atWarn()
              .addKeyValue("assignment_id", letter.result().identity().assignmentId())
              .addKeyValue("reason", reason)
              .addKeyValue("error_code", error.code().name())
              .addKeyValue("details", error.details()),
          "Dead letter");
    }
  }
}
