package io.beamline.worker.config;

import java.util.Set;

/**
 * An invalid setting.
 *
 * @param property its name, such as {@code worker.retry.max-attempts}
 * @param value the given value; hidden if it is a secret
 * @param rule what it must be, with its range
 */
record SettingFault(String property, String value, String rule) {

  private static final int MAX_VALUE_LENGTH = 200;

  /** Groups of settings that have secrets among them; one may be given as a single value. */
  private static final Set<String> WHOLE_GROUPS =
      Set.of("worker.blocks.sql.datasources", "worker.types");

  /** Hides a secret, and shortens a long value. */
  SettingFault {
    if (property.endsWith("password") || WHOLE_GROUPS.contains(property)) {
      value = "(hidden)";
    } else if (value.length() > MAX_VALUE_LENGTH) {
      value = value.substring(0, MAX_VALUE_LENGTH) + "...";
    }
  }

  /** Returns one sentence for the operator. */
  String sentence() {
    return property + " is '" + value + "', but must be " + rule + ".";
  }
}
