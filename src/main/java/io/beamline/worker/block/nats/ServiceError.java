package io.beamline.worker.block.nats;

import static io.beamline.worker.contract.ErrorCode.EXECUTION_FAILED;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.PlainCharacters;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.destination.AttemptVerdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error that a service reports by headers of its reply, as the service framework of NATS does.
 * Immutable.
 *
 * @param code the service's number; null if it sent something else
 * @param text the service's text; empty without one
 */
record ServiceError(@Nullable Integer code, String text) {

  private static final String CODE = "Nats-Service-Error-Code";
  private static final String TEXT = "Nats-Service-Error";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final int MAX_TEXT = 256;
  private static final int FIRST_SERVER_ERROR = 500;
  private static final int TOO_MANY_REQUESTS = 429;

  /** Returns the error of a reply, or null if it reports none. */
  static @Nullable ServiceError of(ServiceReply reply) {
    String code = reply.header(CODE);
    if (code == null) {
      return null;
    }
    String number = code.strip();
    String text = reply.header(TEXT);
    return new ServiceError(
        NUMBER.matcher(number).matches() ? Integer.valueOf(number) : null,
        text == null ? "" : plain(text.strip()));
  }

  /**
   * Returns the failure of the attempt. The destination has failed if the code says that the
   * service has; any other code shows that it works.
   */
  StepFailure failure() {
    Map<String, Object> details = new LinkedHashMap<>();
    if (code != null) {
      details.put("service_error_code", code);
    }
    if (!text.isEmpty()) {
      details.put("service_error", text);
    }
    boolean failed = code != null && code >= FIRST_SERVER_ERROR;
    boolean retryable = failed || (code != null && code == TOO_MANY_REQUESTS);
    StepError error =
        StepError.of(EXECUTION_FAILED, "The service answered with an error", details)
            .withRetryable(retryable);
    return new StepFailure(error).saying(failed ? AttemptVerdict.FAILED : AttemptVerdict.WORKED);
  }

  private static String plain(String text) {
    return text.codePoints()
        .limit(MAX_TEXT)
        .map(c -> PlainCharacters.isPlain(c) ? c : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
