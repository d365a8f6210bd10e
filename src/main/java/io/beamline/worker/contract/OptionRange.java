package io.beamline.worker.contract;

import java.math.BigDecimal;

/** The options that are numbers, with their ranges and defaults (contract section 2). */
enum OptionRange {
  PRIORITY("options.priority", 0, 100, 50),
  DEADLINE_MS("options.deadline_ms", 1, 3_600_000, ExecAssignment.ABSENT),
  MAX_ATTEMPTS("options.retry.max_attempts", 1, 20, ExecAssignment.ABSENT),
  BACKOFF_MS("options.retry.backoff_ms", 1, 60_000, ExecAssignment.ABSENT);

  /** Numbers longer than this are clamped by their sign alone. */
  private static final int READABLE_LENGTH = 64;

  private final String fieldName;
  private final int min;
  private final int max;
  private final int whenAbsent;

  OptionRange(String fieldName, int min, int max, int whenAbsent) {
    this.fieldName = fieldName;
    this.min = min;
    this.max = max;
    this.whenAbsent = whenAbsent;
  }

  String fieldName() {
    return fieldName;
  }

  int whenAbsent() {
    return whenAbsent;
  }

  /** The number within the range; what was changed is noted in the draft. */
  int clamp(String number, AssignmentDraft draft) {
    BigDecimal value = read(number);
    BigDecimal clamped = value.min(BigDecimal.valueOf(max)).max(BigDecimal.valueOf(min));
    if (clamped.compareTo(value) != 0) {
      draft.adjusted(fieldName + " is out of range and was clamped to " + clamped.intValue());
    } else if (clamped.intValue() != clamped.doubleValue()) {
      draft.adjusted(fieldName + " is no whole number and was cut to " + clamped.intValue());
    }
    return clamped.intValue();
  }

  private static BigDecimal read(String number) {
    if (number.length() <= READABLE_LENGTH) {
      try {
        return new BigDecimal(number);
      } catch (NumberFormatException e) {
        // Its exponent is beyond any range: the sign decides.
      }
    }
    return BigDecimal.valueOf(number.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE);
  }
}
