package io.beamline.worker.contract.json;

import io.beamline.worker.contract.ExecAssignment;

/** The options that are numbers, with their ranges and defaults (contract section 2). */
enum OptionRange {
  PRIORITY("options.priority", 0, 100, 50),
  DEADLINE_MS("options.deadline_ms", 1, 3_600_000, ExecAssignment.ABSENT),
  MAX_ATTEMPTS("options.retry.max_attempts", 1, 20, ExecAssignment.ABSENT),
  BACKOFF_MS("options.retry.backoff_ms", 1, 60_000, ExecAssignment.ABSENT);

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

  /**
   * Returns the number, clamped to the range. A deadline below 1 is ignored, like a value of a
   * wrong type: the step would end at once. Each change is noted in the draft. The number is read
   * as a double, which is exact within every range and fast however long the number is.
   *
   * @param number a JSON number
   */
  int read(String number, AssignmentDraft draft) {
    double value = Double.parseDouble(number);
    if (this == DEADLINE_MS && value < min) {
      draft.adjusted(fieldName + " is below " + min + " and was ignored");
      return whenAbsent;
    }
    double clamped = Math.clamp(value, min, max);
    int whole = (int) clamped;
    if (clamped != value) {
      draft.adjusted(fieldName + " is out of range and was clamped to " + whole);
    } else if (whole != clamped) {
      draft.adjusted(fieldName + " is no whole number and was cut to " + whole);
    }
    return whole;
  }
}
