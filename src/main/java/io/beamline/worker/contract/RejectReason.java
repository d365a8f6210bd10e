package io.beamline.worker.contract;

import java.util.Locale;

/** Why an assignment is refused: the {@code reason} and {@code message} of its ack (section 2). */
public enum RejectReason {
  /** {@code version} is not {@code "1"}. */
  UNSUPPORTED_VERSION,
  /** A field is absent or breaks its rule. */
  INVALID_ASSIGNMENT,
  /** {@code executor.channel} is not {@code nats}. */
  UNSUPPORTED_CHANNEL,
  /** {@code job.type} names no block. */
  UNSUPPORTED_JOB_TYPE,
  /** {@code job.payload_ref} is not supported. */
  UNSUPPORTED_PAYLOAD_REF,
  /** There is no room in the queue. */
  QUEUE_FULL,
  /** The worker drains; core delivery only. */
  SHUTTING_DOWN;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The code as it appears in messages and metrics. */
  public String wireName() {
    return wireName;
  }
}
