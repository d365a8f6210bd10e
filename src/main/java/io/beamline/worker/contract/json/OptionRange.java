package io.beamline.worker.contract.json;

import io.beamline.worker.contract.ExecAssignment;

/** The numeric options of an assignment, their ranges and defaults (contract section 2). */
enum OptionRange {
  PRIORITY("options.priority", 0, 100, 50),
  DEADLINE_MS("options.deadline_ms", 1, 3_600_000, ExecAssignment.ABSENT),
  MAX_ATTEMPTS("options.retry.max_attempts", 1, 20, ExecAssignment.ABSENT),
  BACKOFF_MS("options.retry.backoff_ms", 1, 60_000, ExecAssignment.ABSENT);

  private final String fieldName;
  private final int min;
  private final int max;
  private final int defaultValue;

  OptionRange(String fieldName, int min, int max, int defaultValue) {
    this.fieldName = fieldName;
    this.min = min;
    this.max = max;
    this.defaultValue = defaultValue;
  }

  /** Returns the path of the option in an assignment. */
  String fieldName() {
    return fieldName;
  }

  /** Returns the value of an option that is absent or has a wrong type. */
  int defaultValue() {
    return defaultValue;
  }

  /**
   * Returns the number as a whole number within the range, and adds each change to the draft. A
   * deadline below 1 is ignored, because the step would end at once.
   *
   * <p>The number is parsed as a double. That is exact within every range, and fast however long
   * the number is.
   *
   * @param number a JSON number
   */
  int read(String number, AssignmentDraft draft) {
    double value = Double.parseDouble(number);
    if (this == DEADLINE_MS && value < min) {
      draft.addAdjustment(fieldName + " is below " + min + " and was ignored");
      return defaultValue;
    }
    double clamped = Math.clamp(value, min, max);
    int whole = (int) clamped;
    if (clamped != value) {
      draft.addAdjustment(fieldName + " is out of range and was clamped to " + whole);
    } else if (whole != clamped) {
      draft.addAdjustment(fieldName + " is no whole number and was cut to " + whole);
    }
    return whole;
  }
}
