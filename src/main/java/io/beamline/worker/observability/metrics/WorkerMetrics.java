package io.beamline.worker.observability.metrics;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the worker counts and measures (contract section 10). Every counter exists from the start,
 * so that it starts at 0. A label's value that is not known counts as {@code none}, so that nobody
 * from outside can make new time series. Thread-safe; counting neither blocks nor allocates.
 */
public final class WorkerMetrics {

  private final Meters meters;
  private final Map<String, StepMeters> steps = new HashMap<>();
  private final StepMeters otherSteps;
  private final Map<String, RetryMeters> retries = new HashMap<>();
  private final RetryMeters otherRetries;
  private final TimeoutMeters timeouts;
  private final AssignmentMeters assignments;
  private final Timer flowSteps;
  private final Timer publications;
  private final Counter redeliveries;
  private final Counter duplicates;

  /**
   * Registers the meters.
   *
   * @param stepTypes the canonical names of all blocks
   * @param tenants the tenants that {@code worker_step_executions_total} tells apart in a label
   *     {@code tenant_id}; when empty it has no such label
   */
  WorkerMetrics(MeterRegistry registry, List<String> stepTypes, List<String> tenants) {
    this.meters = new Meters(registry);
    for (String stepType : stepTypes) {
      steps.put(stepType, new StepMeters(meters, stepType, tenants));
      retries.put(stepType, new RetryMeters(meters, stepType));
    }
    this.otherRetries = new RetryMeters(meters, Meters.NONE);
    this.timeouts = new TimeoutMeters(meters, stepTypes);
    this.otherSteps = new StepMeters(meters, Meters.NONE, tenants);
    this.assignments = new AssignmentMeters(meters);
    this.flowSteps =
        meters.timer("worker.flow.execution.duration", "From arrival to result of steps of a flow");
    this.publications =
        meters.timer("worker.result.publish", "How long it took to publish a result");
    this.redeliveries = meters.counter("worker.redeliveries", "Assignments delivered again");
    this.duplicates =
        meters.counter("worker.duplicates", "Assignments that were here or answered already");
  }

  /** Metrics that nobody scrapes, for code that runs outside the worker. */
  public static WorkerMetrics standalone(List<String> stepTypes) {
    return new WorkerMetrics(new SimpleMeterRegistry(), stepTypes, List.of());
  }

  /**
   * A step has a result; to be called once per result.
   *
   * @param stepType the block's canonical name
   * @param cp2 whether a flag applied to the assignment
   * @param duration how long the step ran, not negative
   * @param error the result's error code, null on success
   */
  public void stepEnded(
      String stepType,
      StepStatus status,
      boolean cp2,
      Duration duration,
      @Nullable ErrorCode error,
      String tenantId) {
    steps.getOrDefault(stepType, otherSteps).ended(status, cp2, duration, error, tenantId);
  }

  /** An attempt failed, with advanced retry on. */
  public void attemptFailed(String stepType, ErrorCode code, boolean retryable) {
    retries.getOrDefault(stepType, otherRetries).attemptFailed(code, retryable);
  }

  /** A step waits this long for its next attempt, with advanced retry on. */
  public void retryWaits(String stepType, Duration wait) {
    retries.getOrDefault(stepType, otherRetries).waiting(wait);
  }

  /**
   * A step ended that failed at least once, with advanced retry on.
   *
   * @param code the last real error's code
   */
  public void retryEnded(String stepType, ErrorCode code, RetryOutcome outcome) {
    retries.getOrDefault(stepType, otherRetries).ended(code, outcome);
  }

  /** An operation ran out of time, with complete timeout on. */
  public void timedOut(String operationType, String timeoutType) {
    timeouts.timedOut(operationType, timeoutType);
  }

  /** A step ended this long after its deadline, with complete timeout on. */
  public void endedLate(Duration afterDeadline) {
    timeouts.late(afterDeadline);
  }

  /** Asks at each scrape how many file threads are stuck. */
  public void watchStuckFileThreads(IntSupplier threads) {
    meters.gauge("worker.fs.stuck.threads", "File threads that are stuck", threads);
  }

  /** A step that belongs to a flow has a result, this long after its assignment arrived. */
  public void flowStepEnded(Duration arrivalToResult) {
    flowSteps.record(arrivalToResult);
  }

  /**
   * An assignment was answered.
   *
   * @param ackStatus the ack's {@code status}
   * @param reason the ack's {@code reason}; {@code none} or empty when it has none
   */
  public void assignmentAnswered(String ackStatus, String reason) {
    assignments.answered(ackStatus, reason);
  }

  /** The server delivered an assignment again. */
  public void redelivered() {
    redeliveries.increment();
  }

  /** An assignment came that is here, or was answered, already. */
  public void duplicate() {
    duplicates.increment();
  }

  /** A dead letter was published, with its {@code reason}. */
  public void deadLettered(String reason) {
    assignments.deadLettered(reason);
  }

  /** A result was published and confirmed, this long after the first try. */
  public void resultPublished(Duration time) {
    publications.record(time);
  }

  /** Asks at each scrape how many steps run in a pool. */
  public void watchActiveTasks(ResourcePool pool, IntSupplier tasks) {
    meters.gauge("worker.active.tasks", "Steps that run", tasks, "resource_pool", pool.wireName());
  }

  /** Asks at each scrape how many assignments have arrived and are not done with. */
  public void watchUnfinished(IntSupplier assignments) {
    meters.gauge("worker.unfinished.assignments", "Assignments not done with", assignments);
  }

  /** Asks at each scrape how many deliveries are kept from other workers. */
  public void watchLeases(IntSupplier leases) {
    meters.gauge("worker.leases.held", "Deliveries kept from other workers", leases);
  }

  /** Asks at each scrape how many steps wait for their next attempt. */
  public void watchRetriesWaiting(IntSupplier steps) {
    meters.gauge("worker.retries.waiting", "Steps that wait for their next attempt", steps);
  }

  /** Asks at each scrape how many results wait to be published. */
  public void watchUnpublished(IntSupplier results) {
    meters.gauge("worker.unpublished.results", "Results that wait to be published", results);
  }

  /** Asks at each scrape how many heartbeats in a row were not published. */
  public void watchHeartbeatsMissed(IntSupplier heartbeats) {
    meters.gauge("worker.heartbeats.missed", "Heartbeats missed in a row", heartbeats);
  }

  /** Asks at each scrape whether the intake is paused. */
  public void watchIntakePaused(BooleanSupplier paused) {
    meters.gauge(
        "worker.intake.paused",
        "Whether the worker was told to take no assignments",
        () -> paused.getAsBoolean() ? 1 : 0);
  }

  /** Asks at each scrape whether a feature flag is on. */
  public void watchFeature(String feature, BooleanSupplier enabled) {
    meters.gauge(
        "worker.feature.enabled",
        "Whether a feature flag is on",
        () -> enabled.getAsBoolean() ? 1 : 0,
        "feature",
        feature);
  }

  /** Asks at each scrape whether a health check is satisfied. */
  public void watchHealth(String check, BooleanSupplier healthy) {
    meters.gauge(
        "worker.health.status",
        "Whether a health check is satisfied",
        () -> healthy.getAsBoolean() ? 1 : 0,
        "check",
        check);
  }
}
