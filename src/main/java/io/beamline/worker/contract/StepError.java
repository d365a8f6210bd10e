package io.beamline.worker.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt or a step failed (contract section 3). Immutable.
 *
 * <p>The message is a fixed sentence; values that vary belong in the details. The Router searches
 * messages for digits and certain words, and would blame the provider (contract section 1). If the
 * provider is not to blame, such a message is replaced by one that names the type.
 *
 * @param code the error code
 * @param type the error type, usually {@code code.type()}
 * @param message one sentence for people, without any of the payload
 * @param retryable whether another attempt could succeed; used only if advanced retry is on
 * @param details values that vary, in the order of the map: strings, numbers and booleans, none of
 *     the payload
 */
public record StepError(
    ErrorCode code,
    ErrorType type,
    String message,
    boolean retryable,
    Map<String, Object> details) {

  /** Replaces a message that the Router would count against the provider. */
  public StepError {
    if (!type.countsAgainstProvider() && RouterRules.looksLikeProviderFault(message)) {
      // Not the code's name: it may have one of the words. The name of such a type has none.
      message = "The step failed with " + type.wireName();
    }
  }

  /** Returns an error with the type and retryability of its code. */
  public static StepError of(ErrorCode code, String message, Map<String, Object> details) {
    return new StepError(code, code.type(), message, code.retryable(), details);
  }

  /** Returns an error with the type and retryability of its code, without details. */
  public static StepError of(ErrorCode code, String message) {
    return of(code, message, Map.of());
  }

  /** Returns the {@code status} of a result with this error (contract section 3). */
  public StepStatus status() {
    return switch (type) {
      case TIMEOUT -> StepStatus.TIMEOUT;
      case CANCELLED -> StepStatus.CANCELLED;
      default -> StepStatus.ERROR;
    };
  }

  /** Returns the status of the HTTP response, or null without a response. */
  public @Nullable Integer httpStatus() {
    return details.get("status_code") instanceof Integer status ? status : null;
  }

  /** Returns the same error, retryable or not. */
  public StepError withRetryable(boolean other) {
    return other == retryable ? this : new StepError(code, type, message, other, details);
  }

  /** Returns the same error with one more detail, which replaces one of the same name. */
  public StepError withDetail(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(details);
    more.put(name, value);
    return new StepError(code, type, message, retryable, more);
  }

  /** Returns a detail that is text; empty if there is none. */
  public String detail(String name) {
    return details.get(name) instanceof String text ? text : "";
  }
}
