package io.beamline.worker.observability.metrics;

import io.beamline.worker.contract.CancelStage;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.destination.BreakerState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The worker's metrics (contract section 10). All counters are registered at start and begin at 0.
 * An unknown label value counts as {@code none}, so that input cannot create time series.
 * Thread-safe: recording neither blocks nor allocates.
 */
public final class WorkerMetrics {

  private final Meters meters;
  private final Map<String, StepMeters> steps = new HashMap<>();
  private final StepMeters otherSteps;
  private final Map<String, RetryMeters> retries = new HashMap<>();
  private final RetryMeters otherRetries;
  private final TimeoutMeters timeouts;
  private final AssignmentMeters assignments;
  private final CancellationMeters cancellations;
  private final DestinationMeters destinations;
  private final Timer flowSteps;
  private final Timer publications;
  private final Counter redeliveries;
  private final Counter duplicates;
  private final Map<SuspectOutcome, Counter> suspects = new EnumMap<>(SuspectOutcome.class);

  /**
   * Registers the meters.
   *
   * @param stepTypes the canonical names of all blocks
   * @param tenants the values of the label {@code tenant_id} of {@code
   *     worker_step_executions_total}; if empty, there is no such label
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
    this.cancellations = new CancellationMeters(meters);
    this.destinations = new DestinationMeters(meters, stepTypes);
    this.flowSteps =
        meters.timer("worker.flow.execution.duration", "From arrival to result of steps of a flow");
    this.publications =
        meters.timer("worker.result.publish", "How long it took to publish a result");
    this.redeliveries = meters.counter("worker.redeliveries", "Assignments delivered again");
    for (SuspectOutcome start : SuspectOutcome.values()) {
      suspects.put(
          start,
          meters.counter(
              "worker.suspects",
              "Starts of assignments that may crash their workers",
              "start",
              start.wireName()));
    }
    this.duplicates =
        meters.counter("worker.duplicates", "Assignments that were here or answered already");
  }

  /** Returns metrics with a registry of their own, for code that runs outside the worker. */
  public static WorkerMetrics standalone(List<String> stepTypes) {
    return new WorkerMetrics(new SimpleMeterRegistry(), stepTypes, List.of());
  }

  /**
   * Records the result of a step. Call it once per result.
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

  /** Counts a failed attempt under advanced retry. */
  public void attemptFailed(String stepType, ErrorCode code, boolean retryable) {
    retries.getOrDefault(stepType, otherRetries).attemptFailed(code, retryable);
  }

  /** Records the wait before an attempt under advanced retry. */
  public void retryWaits(String stepType, Duration wait) {
    retries.getOrDefault(stepType, otherRetries).waiting(wait);
  }

  /**
   * Counts a step that ended after at least one failed attempt, under advanced retry.
   *
   * @param code error code of the last failed attempt
   */
  public void retryEnded(String stepType, ErrorCode code, RetryOutcome outcome) {
    retries.getOrDefault(stepType, otherRetries).ended(code, outcome);
  }

  /** Counts an operation that timed out, under complete timeout. */
  public void timedOut(String operationType, String timeoutType) {
    timeouts.timedOut(operationType, timeoutType);
  }

  /** Records how long after its deadline a step ended, under complete timeout. */
  public void endedLate(Duration afterDeadline) {
    timeouts.late(afterDeadline);
  }

  /** Registers a gauge: file threads that are stuck. */
  public void watchStuckFileThreads(IntSupplier threads) {
    meters.gauge("worker.fs.stuck.threads", "File threads that are stuck", threads);
  }

  /**
   * Registers the gauges of a configured database.
   *
   * @param active connections in use
   * @param idle open connections that are not in use
   * @param waiting attempts that wait for a thread
   * @param stuckThreads threads that still work although nobody waits
   */
  public void watchDatasource(
      String datasource,
      IntSupplier active,
      IntSupplier idle,
      IntSupplier waiting,
      IntSupplier stuckThreads) {
    String label = "datasource";
    String connections = "Open connections to a database";
    meters.gauge(
        "worker.sql.connections", connections, active, label, datasource, "state", "active");
    meters.gauge("worker.sql.connections", connections, idle, label, datasource, "state", "idle");
    meters.gauge(
        "worker.sql.waiting", "Attempts that wait for a database", waiting, label, datasource);
    meters.gauge(
        "worker.sql.stuck.threads",
        "Threads of a database that are stuck",
        stuckThreads,
        label,
        datasource);
  }

  /** Records the time from arrival to result of a step that belongs to a flow. */
  public void flowStepEnded(Duration arrivalToResult) {
    flowSteps.record(arrivalToResult);
  }

  /**
   * Counts an answered assignment.
   *
   * @param ackStatus the ack's {@code status}
   * @param reason the ack's {@code reason}; {@code none} or empty if it has none
   */
  public void assignmentAnswered(String ackStatus, String reason) {
    assignments.answered(ackStatus, reason);
  }

  /** Counts an assignment that the server delivered again. */
  public void redelivered() {
    redeliveries.increment();
  }

  /** Counts a delivery of an assignment that is in the worker already, or was answered. */
  public void duplicate() {
    duplicates.increment();
  }

  /** Counts a suspect that was about to start. */
  public void suspectStarts(SuspectOutcome start) {
    Objects.requireNonNull(suspects.get(start)).increment();
  }

  /**
   * Records a step that was cancelled on request.
   *
   * @param receiptToEnd from the receipt of the request, or the later arrival of the assignment
   */
  public void cancelled(CancelStage stage, Duration receiptToEnd) {
    cancellations.cancelled(stage, receiptToEnd);
  }

  /** Counts a step that had its end before a request for it came. */
  public void cancellationTooLate() {
    cancellations.tooLate();
  }

  /** Counts a message that is no request to cancel. */
  public void cancellationMalformed() {
    cancellations.malformed();
  }

  /** Counts a published dead letter. */
  public void deadLettered(String reason) {
    assignments.deadLettered(reason);
  }

  /** Records the time from the first attempt to publish a result until its confirmation. */
  public void resultPublished(Duration time) {
    publications.record(time);
  }

  /** Counts a step whose destination was not tried (W3-5.3). */
  public void circuitRejected(String stepType) {
    destinations.rejected(stepType);
  }

  /** Counts a step that the retry budget of its destination kept from a retry (W3-5.2). */
  public void retrySuppressed(String stepType) {
    destinations.suppressed(stepType);
  }

  /** Counts a circuit breaker that has changed to a state. */
  public void circuitChanged(BreakerState state) {
    destinations.changed(state);
  }

  /** Registers a gauge: destinations whose circuit breaker is in a state. */
  public void watchCircuits(BreakerState state, IntSupplier breakers) {
    meters.gauge(
        "worker.circuit.breakers",
        "Destinations by the state of their circuit breaker",
        breakers,
        "state",
        state.wireName());
  }

  /** Registers gauges: steps that wait for a circuit breaker, and for a limit of a destination. */
  public void watchDestinationLines(IntSupplier parked, IntSupplier waiting) {
    meters.gauge("worker.parked.steps", "Steps that wait for a circuit breaker", parked);
    meters.gauge(
        "worker.destination.waiting", "Steps that wait for a limit of their destination", waiting);
  }

  /** Registers a gauge: the state of the destinations of an override; 0 closed, 2 open. */
  public void watchDestination(String override, Supplier<BreakerState> worst) {
    meters.gauge(
        "worker.destination.state",
        "The worst circuit breaker of an override: 0 closed, 1 half open, 2 open",
        () -> worst.get().severity(),
        "destination",
        override);
  }

  /** Registers a gauge: steps that run in a pool. */
  public void watchActiveTasks(ResourcePool pool, IntSupplier tasks) {
    meters.gauge("worker.active.tasks", "Steps that run", tasks, "resource_pool", pool.wireName());
  }

  /** Registers a gauge: attempts in a pool that still run although their steps have ended. */
  public void watchStuckAttempts(ResourcePool pool, IntSupplier attempts) {
    meters.gauge(
        "worker.stuck.attempts",
        "Attempts that still run although their steps ended more than a second ago",
        attempts,
        "resource_pool",
        pool.wireName());
  }

  /** Registers a gauge: assignments that arrived and are not finished. */
  public void watchUnfinished(IntSupplier assignments) {
    meters.gauge("worker.unfinished.assignments", "Assignments not done with", assignments);
  }

  /** Registers gauges: the leases that this worker holds, and the memory of their assignments. */
  public void watchLeases(IntSupplier leases, LongSupplier bytes) {
    meters.gauge("worker.leases.held", "Deliveries kept from other workers", leases);
    meters.gaugeOfBytes(
        "worker.assignments.held.bytes", "Memory of the assignments held, estimated", bytes);
  }

  /** Registers a gauge: assignments in the stream that were never delivered; none if unknown. */
  public void watchBacklog(Supplier<OptionalLong> assignments) {
    meters.gaugeIfKnown(
        "worker.consumer.backlog",
        "Assignments in the stream that were never delivered",
        assignments);
  }

  /** Registers a gauge: steps that wait for their next attempt. */
  public void watchRetriesWaiting(IntSupplier steps) {
    meters.gauge("worker.retries.waiting", "Steps that wait for their next attempt", steps);
  }

  /** Registers a gauge: results that wait to be published. */
  public void watchUnpublished(IntSupplier results) {
    meters.gauge("worker.unpublished.results", "Results that wait to be published", results);
  }

  /** Registers a gauge: dead letters that wait to be published. */
  public void watchUnpublishedDeadLetters(IntSupplier deadLetters) {
    meters.gauge(
        "worker.unpublished.dead.letters", "Dead letters that wait to be published", deadLetters);
  }

  /** Registers a gauge: heartbeats in a row that were not published. */
  public void watchHeartbeatsMissed(IntSupplier heartbeats) {
    meters.gauge("worker.heartbeats.missed", "Heartbeats missed in a row", heartbeats);
  }

  /** Registers a gauge: 1 while the intake is paused. */
  public void watchIntakePaused(BooleanSupplier paused) {
    meters.gauge(
        "worker.intake.paused",
        "Whether the worker was told to take no assignments",
        () -> paused.getAsBoolean() ? 1 : 0);
  }

  /** Registers a gauge: 1 while a feature flag is on. */
  public void watchFeature(String feature, BooleanSupplier enabled) {
    meters.gauge(
        "worker.feature.enabled",
        "Whether a feature flag is on",
        () -> enabled.getAsBoolean() ? 1 : 0,
        "feature",
        feature);
  }

  /** Registers a gauge: 1 while a health check is healthy. */
  public void watchHealth(String check, BooleanSupplier healthy) {
    meters.gauge(
        "worker.health.status",
        "Whether a health check is satisfied",
        () -> healthy.getAsBoolean() ? 1 : 0,
        "check",
        check);
  }
}
