package io.beamline.worker.contract;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The rules for the ids of an assignment (contract section 2). Pure. */
public final class AssignmentRules {

  private static final int MAX_ID_LENGTH = 128;
  private static final int MAX_REQUEST_ID_BYTES = 1024;
  private static final int MAX_TENANT_BYTES = 256;

  private AssignmentRules() {}

  /** Returns whether the value is an assignment id: 1 to 128 printable ASCII characters. */
  public static boolean isId(@Nullable String value) {
    return value != null && value.length() <= MAX_ID_LENGTH && RouterRules.isPrintableAscii(value);
  }

  /** Returns whether the value is a request id: 1 to 1024 bytes in UTF-8. */
  public static boolean isRequestId(@Nullable String value) {
    return isText(value, MAX_REQUEST_ID_BYTES);
  }

  /** Returns whether the value is a tenant id: 1 to 256 bytes in UTF-8. */
  public static boolean isTenantId(@Nullable String value) {
    return isText(value, MAX_TENANT_BYTES);
  }

  /**
   * Returns whether the value has 1 to the given number of bytes in UTF-8. A value with an unpaired
   * surrogate ({@link Utf8Text#of(String)}) is refused: an answer to such an id would name another
   * one.
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
