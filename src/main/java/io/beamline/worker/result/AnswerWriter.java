package io.beamline.worker.result;

import io.beamline.worker.config.NatsDeliveryProperties.Subjects;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.DeadLetterEncoder;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.MessageEncoder;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.result.Outgoing.Kind;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;

/** Makes the messages that the worker publishes, each small enough for the server. Thread-safe. */
final class AnswerWriter {

  private static final String RESULT_ID = ".result";
  private static final StepOutcome NOT_KEPT = new StepOutcome.Success(Outputs.of(Map.of()));

  private final Subjects subjects;
  private final ToLongFunction<String> limits;

  /**
   * A writer.
   *
   * @param limits the bytes that the server takes on a subject, headers included
   */
  AnswerWriter(Subjects subjects, ToLongFunction<String> limits) {
    this.subjects = subjects;
    this.limits = limits;
  }

  Outgoing ack(ExecAssignmentAck ack, Delivery delivery, boolean cp2) {
    HeaderLines headers = AnswerHeaders.answer(ack.identity(), delivery, ".ack", cp2);
    return fitting(Kind.ACK, subjects.ack(), headers, room -> Fitting.ack(ack, room));
  }

  /** The result, or QUOTA_EXCEEDED in its place when the server would not take it. */
  Written result(ExecResult result, Delivery delivery, boolean cp2) {
    HeaderLines headers = AnswerHeaders.answer(result.identity(), delivery, RESULT_ID, cp2);
    int room = Outgoing.room(headers, limits.applyAsLong(subjects.result()));
    ExecResult written = result;
    byte[] body = MessageEncoder.encode(result);
    int size = body.length;
    if (size > room) {
      written = Fitting.result(result, size, room);
      body = MessageEncoder.encode(written);
    }
    // Without its outputs: they may be large, and in this form they are not told.
    ExecResult bare = result.withOutcome(NOT_KEPT);
    return new Written(written, result(headers, body, bare, size));
  }

  /**
   * A result that was written before, to be published again. Where the server takes less by now,
   * what replaces it does not tell how the step ran.
   *
   * @param timestamp when it is published, in ms since the epoch
   */
  Outgoing again(
      byte[] body, AssignmentIdentity identity, Delivery delivery, boolean cp2, long timestamp) {
    ExecResult bare = new ExecResult(identity, NOT_KEPT, 0, 0, timestamp, ExecResult.Cp2.NOTHING);
    HeaderLines headers = AnswerHeaders.answer(identity, delivery, RESULT_ID, cp2);
    return result(headers, body, bare, body.length);
  }

  /** What replaces it where the server takes less says what {@code bare} does, and the size. */
  private Outgoing result(HeaderLines headers, byte[] body, ExecResult bare, int size) {
    return new Outgoing(
        Kind.RESULT,
        subjects.result(),
        headers,
        body,
        less -> MessageEncoder.encode(Fitting.result(bare, size, less)));
  }

  Outgoing deadLetter(DeadLetter letter, Delivery delivery) {
    AssignmentIdentity identity = letter.result().identity();
    DeadLetter shortened =
        new DeadLetter(
            Fitting.shortened(letter.result()),
            letter.reason(),
            letter.originalSubject(),
            letter.original());
    HeaderLines headers = AnswerHeaders.deadLetter(identity, delivery, letter.reason());
    return fitting(
        Kind.DEAD_LETTER,
        subjects.dlq(),
        headers,
        room -> DeadLetterEncoder.encode(shortened, room));
  }

  private Outgoing fitting(
      Kind kind, String subject, HeaderLines headers, IntFunction<byte[]> body) {
    int room = Outgoing.room(headers, limits.applyAsLong(subject));
    return new Outgoing(kind, subject, headers, body.apply(room), body);
  }

  /**
   * A result as it is published.
   *
   * @param result what it says
   * @param message the message that says it
   */
  record Written(ExecResult result, Outgoing message) {}
}
