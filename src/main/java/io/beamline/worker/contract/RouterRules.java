package io.beamline.worker.contract;

import org.jspecify.annotations.Nullable;

/** What the existing Router refuses or misreads (contract section 1). Pure. */
public final class RouterRules {

  private static final String[] PROVIDER_WORDS = {"timeout", "connection", "unavailable"};
  private static final int MAX_HEADER_LENGTH = 256;
  private static final int UUID_LENGTH = 36;
  private static final int ULID_LENGTH = 26;
  private static final int TRACE_LENGTH = 32;
  private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private RouterRules() {}

  /** Returns whether the Router takes the value as a top-level {@code trace_id}. */
  public static boolean isTraceId(@Nullable String value) {
    return value != null && (isHex(value, TRACE_LENGTH) || isUuidV4(value));
  }

  /** Returns whether the Router takes the value as a top-level run, flow or step id. */
  public static boolean isRunId(@Nullable String value) {
    return value != null && (isUuidV4(value) || isUlid(value));
  }

  /** Returns whether the value may be a header's value: 1 to 256 printable ASCII characters. */
  public static boolean isHeaderValue(@Nullable String value) {
    return value != null && value.length() <= MAX_HEADER_LENGTH && isPrintableAscii(value);
  }

  /** Returns whether the value is one or more printable ASCII characters, spaces included. */
  public static boolean isPrintableAscii(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c > '~') {
        return false;
      }
    }
    return !value.isEmpty();
  }

  /**
   * Returns whether the Router would count the error message against the provider. The Router
   * searches for one digit and some words; this method refuses any digit.
   */
  public static boolean looksLikeProviderFault(String message) {
    for (int i = 0; i < message.length(); i++) {
      if (isDigit(message.charAt(i))) {
        return true;
      }
    }
    for (String word : PROVIDER_WORDS) {
      for (int i = 0; i <= message.length() - word.length(); i++) {
        if (message.regionMatches(true, i, word, 0, word.length())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isUuidV4(String value) {
    if (value.length() != UUID_LENGTH || value.charAt(14) != '4') {
      return false;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      char c = value.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : !isHexDigit(c)) {
        return false;
      }
    }
    return "89abAB".indexOf(value.charAt(19)) >= 0;
  }

  private static boolean isUlid(String value) {
    if (value.length() != ULID_LENGTH || value.charAt(0) > '7') {
      return false;
    }
    for (int i = 0; i < ULID_LENGTH; i++) {
      if (CROCKFORD.indexOf(value.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(String value, int length) {
    if (value.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (!isHexDigit(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHexDigit(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
