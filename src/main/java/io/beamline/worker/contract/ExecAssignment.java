package io.beamline.worker.contract;

/**
 * One step that the Router assigns (contract section 2, ExecAssignment). Immutable and valid;
 * {@code decision} and {@code metadata} are never interpreted and therefore not kept.
 *
 * @param assignmentId 1 to 128 printable ASCII characters
 * @param requestId 1 to 1024 bytes of UTF-8
 * @param tenantId 1 to 256 bytes of UTF-8
 * @param providerId not empty, echoed in the result
 * @param jobType the type as it came, a supported one
 * @param payload {@code job.payload}, a JSON object
 * @param options the limits of the step
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

  /** What an option reads when the assignment does not give it. */
  public static final int ABSENT = 0;

  /**
   * The options, each within its range.
   *
   * @param priority 0 to 100
   * @param deadlineMs the step's total time in ms, 1 to 3 600 000, or {@link #ABSENT}
   * @param maxAttempts attempts in all, 1 to 20, or {@link #ABSENT}
   * @param backoffMs the base delay in ms, 1 to 60 000, or {@link #ABSENT}
   */
  public record Options(int priority, int deadlineMs, int maxAttempts, int backoffMs) {}
}
