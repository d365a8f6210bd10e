package io.beamline.worker.result;

import io.beamline.worker.config.NatsDeliveryProperties.Subjects;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.DeadLetterEncoder;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.MessageEncoder;
import io.nats.client.impl.Headers;
import java.util.function.LongSupplier;

/** Makes the messages that the worker publishes, each small enough for the server. Thread-safe. */
final class AnswerWriter {

  /** Room for headers, and for a limit that shrinks a little. */
  private static final int HEADER_ROOM = 2_048;

  private final Subjects subjects;
  private final LongSupplier maxPayload;

  AnswerWriter(Subjects subjects, LongSupplier maxPayload) {
    this.subjects = subjects;
    this.maxPayload = maxPayload;
  }

  Outgoing ack(ExecAssignmentAck ack, Delivery delivery, boolean cp2) {
    byte[] body = Fitting.ack(ack, room());
    Headers headers = AnswerHeaders.answer(ack.identity(), delivery, ".ack", cp2);
    return new Outgoing(Outgoing.Kind.ACK, subjects.ack(), headers, body);
  }

  /** The result, or QUOTA_EXCEEDED in its place when the server would not take it. */
  Written result(ExecResult result, Delivery delivery, boolean cp2) {
    ExecResult written = result;
    byte[] body = MessageEncoder.encode(result);
    if (body.length > room()) {
      written = Fitting.result(result, body.length, room());
      body = MessageEncoder.encode(written);
    }
    Headers headers = AnswerHeaders.answer(result.identity(), delivery, ".result", cp2);
    return new Written(
        written, new Outgoing(Outgoing.Kind.RESULT, subjects.result(), headers, body));
  }

  Outgoing deadLetter(DeadLetter letter, Delivery delivery) {
    AssignmentIdentity identity = letter.result().identity();
    DeadLetter fitting =
        new DeadLetter(
            Fitting.shortened(letter.result()),
            letter.reason(),
            letter.originalSubject(),
            letter.original());
    Headers headers = AnswerHeaders.deadLetter(identity, delivery, letter.reason());
    return new Outgoing(
        Outgoing.Kind.DEAD_LETTER,
        subjects.dlq(),
        headers,
        DeadLetterEncoder.encode(fitting, room()));
  }

  private int room() {
    return (int)
        Math.min(Integer.MAX_VALUE, Math.max(HEADER_ROOM, maxPayload.getAsLong() - HEADER_ROOM));
  }

  /**
   * A result as it is published.
   *
   * @param result what it says
   * @param message the message that says it
   */
  record Written(ExecResult result, Outgoing message) {}
}
