package io.beamline.worker.block;

import io.beamline.worker.contract.StepError;
import io.beamline.worker.destination.AttemptVerdict;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an error says about the destination of its step, unless the failure says it itself
 * (W3-5.1, contract section 5). Pure.
 */
final class DestinationFaults {

  private static final int FIRST_SERVER_ERROR = 500;

  private DestinationFaults() {}

  static AttemptVerdict verdict(StepError error) {
    return switch (error.code()) {
      case NETWORK_ERROR, CONNECTION_TIMEOUT, CANCELLED_BY_TIMEOUT -> AttemptVerdict.FAILED;
      case HTTP_ERROR -> ofStatus(error.httpStatus());
      // What is not retryable is not there, which a destination that works says.
      case RESOURCE_UNAVAILABLE ->
          error.retryable() ? AttemptVerdict.FAILED : AttemptVerdict.WORKED;
      default -> AttemptVerdict.NOTHING;
    };
  }

  /** Any answer but a server error shows that the server works. */
  private static AttemptVerdict ofStatus(@Nullable Integer status) {
    boolean failed = status != null && status >= FIRST_SERVER_ERROR;
    return failed ? AttemptVerdict.FAILED : AttemptVerdict.WORKED;
  }
}
