package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.HTTP_ERROR;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorType;
import io.beamline.worker.contract.StepError;
import java.util.Map;

/** Maps a response that is not 2xx to a step failure (contract section 3). Stateless. */
final class StatusFailures {

  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  private StatusFailures() {}

  /**
   * Returns the failure for a response, with the pause of its {@code Retry-After} header.
   *
   * @param nowMillis the wall clock, milliseconds since the epoch
   */
  static StepFailure of(HttpResponse response, Target target, long nowMillis) {
    int status = response.status();
    boolean isServerError = status >= 500 && status < 600;
    StepError error =
        new StepError(
            HTTP_ERROR,
            isServerError ? ErrorType.SERVER_ERROR : ErrorType.CLIENT_ERROR,
            isServerError ? "HTTP request failed with status: " + status : clientMessage(status),
            isServerError || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS,
            target.details(Map.of("status_code", status)));
    return new StepFailure(error, RetryAfter.parse(response.header("Retry-After"), nowMillis));
  }

  /**
   * The message has no digits, because the Router would count them against the provider (contract
   * section 1).
   */
  private static String clientMessage(int status) {
    boolean isRedirect = status >= 300 && status < 400;
    return isRedirect
        ? "The server answered with a redirect, and redirects are not followed"
        : "The server refused the HTTP request";
  }
}
