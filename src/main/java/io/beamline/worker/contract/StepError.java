package io.beamline.worker.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt or a step failed. Immutable.
 *
 * <p>The message is a fixed sentence: values that vary belong into the details, because the Router
 * searches the message of a failure that is not the provider's fault for digits and certain words
 * (contract section 1). A message that breaks this rule is replaced by one that names the type.
 *
 * @param code what happened
 * @param type whose fault it is; usually {@code code.type()}
 * @param message one sentence for a person, without the payload
 * @param retryable whether another attempt could succeed; used only with advanced retry on
 * @param details values that vary, in the order of the map: strings, numbers, booleans; no payload
 */
public record StepError(
    ErrorCode code,
    ErrorType type,
    String message,
    boolean retryable,
    Map<String, Object> details) {

  /** Replaces a message that the Router would misread. */
  public StepError {
    if (!type.countsAgainstProvider() && RouterRules.looksLikeProviderFault(message)) {
      // The name of a code may hold one of the words, that of such a type never does.
      message = "The step failed with " + type.wireName();
    }
  }

  /** An error whose type and retryability are its code's. */
  public static StepError of(ErrorCode code, String message, Map<String, Object> details) {
    return new StepError(code, code.type(), message, code.retryable(), details);
  }

  /** An error without details, whose type and retryability are its code's. */
  public static StepError of(ErrorCode code, String message) {
    return of(code, message, Map.of());
  }

  /** The {@code status} of a result that ends with this error (contract section 3). */
  public StepStatus status() {
    return switch (type) {
      case TIMEOUT -> StepStatus.TIMEOUT;
      case CANCELLED -> StepStatus.CANCELLED;
      default -> StepStatus.ERROR;
    };
  }

  /** The status of the HTTP response that failed, null when there was none. */
  public @Nullable Integer httpStatus() {
    return details.get("status_code") instanceof Integer status ? status : null;
  }

  /** The same error, with another judgement of whether to try again. */
  public StepError withRetryable(boolean other) {
    return other == retryable ? this : new StepError(code, type, message, other, details);
  }

  /** The same error with one more detail; a detail of the same name is replaced. */
  public StepError withDetail(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(details);
    more.put(name, value);
    return new StepError(code, type, message, retryable, more);
  }

  /** A detail as text, empty when there is none. */
  public String detail(String name) {
    return details.get(name) instanceof String text ? text : "";
  }
}
