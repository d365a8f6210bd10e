package io.beamline.worker.fault;

import io.beamline.worker.support.WireMessage;

/** What an assignment may end with. */
enum Expected {
  SUCCESS,
  FAILURE,
  ANY_RESULT,
  SUCCESS_OR_REJECTION;

  /** Whether this result is one. */
  boolean allows(WireMessage result) {
    boolean success = result.text("status").equals("success");
    return switch (this) {
      case SUCCESS, SUCCESS_OR_REJECTION -> success;
      case FAILURE -> !success;
      case ANY_RESULT -> true;
    };
  }

  /** Whether a rejection is one. */
  boolean allowsRejection() {
    return this == SUCCESS_OR_REJECTION;
  }
}
