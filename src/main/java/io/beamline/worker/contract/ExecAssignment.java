package io.beamline.worker.contract;

/**
 * The Router's order to run one step (contract section 2, ExecAssignment). It is valid: every field
 * follows its rule. Immutable.
 *
 * @param assignmentId 1 to 128 printable ASCII characters
 * @param requestId 1 to 1024 bytes in UTF-8
 * @param tenantId 1 to 256 bytes in UTF-8
 * @param providerId a text that is not empty; the result repeats it
 * @param jobType a supported type or alias, as it came
 * @param payload {@code job.payload}, a JSON object
 * @param options the limits of the step; those that are absent come from the settings
 * @param correlation the ids of the run
 */
public record ExecAssignment(
    String assignmentId,
    String requestId,
    String tenantId,
    String providerId,
    String jobType,
    RawJson payload,
    Options options,
    Correlation correlation) {

  /** The value of an option that the assignment does not have. */
  public static final int ABSENT = 0;

  /**
   * The options, each within its range.
   *
   * @param priority 0 to 100; has no effect
   * @param deadlineMs the step's total time in ms, 1 to 3 600 000, or {@link #ABSENT}
   * @param maxAttempts the most attempts, including the first, 1 to 20, or {@link #ABSENT}
   * @param backoffMs the base delay in ms, 1 to 60 000, or {@link #ABSENT}
   */
  public record Options(int priority, int deadlineMs, int maxAttempts, int backoffMs) {}
}
