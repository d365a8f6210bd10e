package io.beamline.worker.config;

/**
 * What is wrong with one setting.
 *
 * @param property its name, such as {@code worker.retry.max-attempts}
 * @param value the value as it was given; hidden when it is a secret
 * @param rule what it must be, its range included
 */
record SettingFault(String property, String value, String rule) {

  private static final int LONGEST_VALUE = 200;

  /** Hides what must not be shown and bounds the rest. */
  SettingFault {
    if (property.endsWith("password")) {
      value = "(hidden)";
    } else if (value.length() > LONGEST_VALUE) {
      value = value.substring(0, LONGEST_VALUE) + "...";
    }
  }

  /** One sentence for the operator. */
  String sentence() {
    return property + " is '" + value + "', but must be " + rule + ".";
  }
}
