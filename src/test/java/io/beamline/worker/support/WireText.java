package io.beamline.worker.support;

import java.util.regex.Pattern;

/** What the Router makes of texts: written apart from the worker's own rules, to judge them. */
final class WireText {

  private static final Pattern UUID_V4 =
      Pattern.compile(
          "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");
  private static final Pattern TRACE = Pattern.compile("[0-9a-fA-F]{32}");
  private static final Pattern PROVIDER_FAULT =
      Pattern.compile("[0-9]|timeout|connection|unavailable", Pattern.CASE_INSENSITIVE);

  private WireText() {}

  static boolean printable(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  /** Whether a text can be a header's value: printable, and not blank once it is trimmed. */
  static boolean headerValue(String text) {
    return printable(text) && !text.isBlank() && text.length() <= 256;
  }

  static boolean traceId(String text) {
    return TRACE.matcher(text).matches() || UUID_V4.matcher(text).matches();
  }

  static boolean runId(String text) {
    return UUID_V4.matcher(text).matches() || ULID.matcher(text).matches();
  }

  static boolean readAsProviderFault(String message) {
    return PROVIDER_FAULT.matcher(message).find();
  }
}
