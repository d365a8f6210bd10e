package io.beamline.worker.contract;

import java.util.Locale;

/** Why an assignment is refused: the {@code reason} of its ack (contract section 2). */
public enum RejectReason {
  /** {@code version} is not {@code "1"}. */
  UNSUPPORTED_VERSION,
  /** A field is absent or breaks its rule. */
  INVALID_ASSIGNMENT,
  /** {@code executor.channel} is not {@code nats}. */
  UNSUPPORTED_CHANNEL,
  /** {@code job.type} names no block. */
  UNSUPPORTED_JOB_TYPE,
  /** The assignment has a {@code job.payload_ref}. */
  UNSUPPORTED_PAYLOAD_REF,
  /** The pool's queue is full; queue management only. */
  QUEUE_FULL,
  /** The worker drains; core delivery only. */
  SHUTTING_DOWN;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Returns the code in messages and metrics. */
  public String wireName() {
    return wireName;
  }
}
