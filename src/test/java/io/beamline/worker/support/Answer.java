package io.beamline.worker.support;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the Router has seen of one assignment. Immutable.
 *
 * @param ack the first ack
 * @param acks how many acks came
 * @param ackedAt when the first came, in the order of all messages that the Router received
 * @param result the first result
 * @param results how many results came
 * @param resultAt when the first came, in the same order
 */
public record Answer(
    Optional<WireMessage> ack,
    int acks,
    long ackedAt,
    Optional<WireMessage> result,
    int results,
    long resultAt) {

  static final Answer NONE = new Answer(Optional.empty(), 0, 0, Optional.empty(), 0, 0);

  /** The first ack's status; empty without one. */
  public String ackStatus() {
    return ack.map(message -> message.text("status")).orElse("");
  }

  /** The first ack's reason; empty without one. */
  public String ackReason() {
    return ack.map(message -> message.text("reason")).orElse("");
  }

  /** The first result's status; empty without one. */
  public String status() {
    return result.map(message -> message.text("status")).orElse("");
  }

  /** The first result's error code; empty without one. */
  public String errorCode() {
    return result.map(message -> message.text("error_code")).orElse("");
  }

  /** The first result. */
  public JsonNode resultJson() {
    return result.orElseThrow().json();
  }

  Answer withAck(WireMessage message, long order) {
    return acks == 0
        ? new Answer(Optional.of(message), 1, order, result, results, resultAt)
        : new Answer(ack, acks + 1, ackedAt, result, results, resultAt);
  }

  Answer withResult(WireMessage message, long order) {
    return results == 0
        ? new Answer(ack, acks, ackedAt, Optional.of(message), 1, order)
        : new Answer(ack, acks, ackedAt, result, results + 1, resultAt);
  }
}
