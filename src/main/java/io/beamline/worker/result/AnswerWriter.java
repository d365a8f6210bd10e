package io.beamline.worker.result;

import io.beamline.worker.config.NatsDeliveryProperties.Subjects;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.json.DeadLetterEncoder;
import io.beamline.worker.contract.json.MessageEncoder;
import io.beamline.worker.result.OutgoingMessage.MessageKind;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;

/**
 * Writes acks, results and dead letters as messages, none larger than the server takes. Safe for
 * several threads: it is immutable.
 */
final class AnswerWriter {

  private static final String RESULT_ID = ".result";
  private static final StepOutcome NO_OUTPUTS = new StepOutcome.Success(Outputs.of(Map.of()));

  private final Subjects subjects;
  private final ToLongFunction<String> limits;

  /**
   * Creates a writer.
   *
   * @param limits returns the largest message of a subject, in bytes, headers included
   */
  AnswerWriter(Subjects subjects, ToLongFunction<String> limits) {
    this.subjects = subjects;
    this.limits = limits;
  }

  OutgoingMessage ack(ExecAssignmentAck ack, Delivery delivery, boolean cp2) {
    HeaderLines headers = AnswerHeaders.answer(ack.identity(), delivery, ".ack", cp2);
    return sized(MessageKind.ACK, subjects.ack(), headers, room -> MessageShortener.ack(ack, room));
  }

  /** Writes a result. If it is larger than the server takes, QUOTA_EXCEEDED is in its place. */
  WrittenResult result(ExecResult result, Delivery delivery, boolean cp2) {
    HeaderLines headers = AnswerHeaders.answer(result.identity(), delivery, RESULT_ID, cp2);
    int room = OutgoingMessage.room(headers, limits.applyAsLong(subjects.result()));
    ExecResult written = result;
    byte[] body = MessageEncoder.encode(result);
    int size = body.length;
    if (size > room) {
      written = MessageShortener.quotaExceeded(result, size, room);
      body = MessageEncoder.encode(written);
    }
    // Without the outputs: they may be large, and a replacement does not contain them.
    ExecResult bare = result.withOutcome(NO_OUTPUTS);
    return new WrittenResult(written, result(headers, body, bare, size));
  }

  /**
   * Writes a known result again, for a redelivery. If the server takes less than before, the
   * replacement has no details of the step's run.
   *
   * @param body the JSON of the known result
   * @param timestamp the time of this publication, in ms since the epoch
   */
  OutgoingMessage repeatedResult(
      byte[] body, AssignmentIdentity identity, Delivery delivery, boolean cp2, long timestamp) {
    ExecResult bare = new ExecResult(identity, NO_OUTPUTS, 0, 0, timestamp, ExecResult.Cp2.NOTHING);
    HeaderLines headers = AnswerHeaders.answer(identity, delivery, RESULT_ID, cp2);
    return result(headers, body, bare, body.length);
  }

  /**
   * Makes the message of a result.
   *
   * @param bare the result without outputs, from which a smaller replacement is made
   * @param size the size of the original result, in bytes
   */
  private OutgoingMessage result(HeaderLines headers, byte[] body, ExecResult bare, int size) {
    return new OutgoingMessage(
        MessageKind.RESULT,
        subjects.result(),
        headers,
        body,
        maxBytes -> MessageEncoder.encode(MessageShortener.quotaExceeded(bare, size, maxBytes)));
  }

  OutgoingMessage deadLetter(DeadLetter letter, Delivery delivery) {
    AssignmentIdentity identity = letter.result().identity();
    DeadLetter shortened =
        new DeadLetter(
            MessageShortener.shortened(letter.result()),
            letter.reason(),
            letter.originalSubject(),
            letter.original());
    HeaderLines headers = AnswerHeaders.deadLetter(identity, delivery, letter.reason());
    return sized(
        MessageKind.DEAD_LETTER,
        subjects.dlq(),
        headers,
        room -> DeadLetterEncoder.encode(shortened, room));
  }

  private OutgoingMessage sized(
      MessageKind kind, String subject, HeaderLines headers, IntFunction<byte[]> body) {
    int room = OutgoingMessage.room(headers, limits.applyAsLong(subject));
    return new OutgoingMessage(kind, subject, headers, body.apply(room), body);
  }

  /**
   * A result as it is published.
   *
   * @param result the given result, or the error that replaces it
   * @param message its message
   */
  record WrittenResult(ExecResult result, OutgoingMessage message) {}
}
