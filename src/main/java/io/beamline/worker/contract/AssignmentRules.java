package io.beamline.worker.contract;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The rules of an assignment's fields (contract section 2). Pure. */
final class AssignmentRules {

  static final int MAX_ID_LENGTH = 128;
  static final int MAX_TENANT_BYTES = 256;

  private AssignmentRules() {}

  static boolean isId(@Nullable String value) {
    return value != null && value.length() <= MAX_ID_LENGTH && RouterRules.isPrintableAscii(value);
  }

  /** Whether a tenant can be answered: what has no form in UTF-8 would come back as another. */
  static boolean isTenantId(@Nullable String value) {
    return value != null
        && value.length() <= MAX_TENANT_BYTES
        && (RouterRules.isPrintableAscii(value) || isOfSomeBytes(value));
  }

  private static boolean isOfSomeBytes(String value) {
    return !value.isEmpty()
        && StandardCharsets.UTF_8.newEncoder().canEncode(value)
        && value.getBytes(StandardCharsets.UTF_8).length <= MAX_TENANT_BYTES;
  }
}
