package io.beamline.worker.contract;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The rules of an assignment's fields (contract section 2). Pure. */
final class AssignmentRules {

  static final int MAX_ID_LENGTH = 128;
  static final int MAX_REQUEST_ID_BYTES = 1024;
  static final int MAX_TENANT_BYTES = 256;

  private AssignmentRules() {}

  static boolean isId(@Nullable String value) {
    return value != null && value.length() <= MAX_ID_LENGTH && RouterRules.isPrintableAscii(value);
  }

  static boolean isRequestId(@Nullable String value) {
    return isText(value, MAX_REQUEST_ID_BYTES);
  }

  static boolean isTenantId(@Nullable String value) {
    return isText(value, MAX_TENANT_BYTES);
  }

  /**
   * Whether the value has 1 to the given number of bytes in UTF-8. A surrogate that stands alone
   * has no form in UTF-8, so that the answer would name another value.
   */
  private static boolean isText(@Nullable String value, int maxBytes) {
    return value != null
        && value.length() <= maxBytes
        && (RouterRules.isPrintableAscii(value) || hasUtf8Form(value, maxBytes));
  }

  private static boolean hasUtf8Form(String value, int maxBytes) {
    return !value.isEmpty()
        && StandardCharsets.UTF_8.newEncoder().canEncode(value)
        && value.getBytes(StandardCharsets.UTF_8).length <= maxBytes;
  }
}
