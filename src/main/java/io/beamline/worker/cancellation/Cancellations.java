package io.beamline.worker.cancellation;

import io.beamline.worker.contract.CancelFault;
import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.contract.CancelTarget;
import io.beamline.worker.contract.CancelTarget.IdKind;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.json.CancelCodec;
import io.beamline.worker.execution.CancelledStep;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepCanceller;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the steps that requests are for (W3-3, contract section 5). A request is remembered first;
 * then the steps under way are looked at. An assignment that arrives meanwhile is under way first,
 * and then looks for a request. So one of the two finds the other.
 *
 * <p>The thread of the intake asks for each assignment; the thread of the reader brings requests.
 * Safe for both: what they share is the memory, and a step ends once.
 */
public final class Cancellations {

  private static final Logger log = LoggerFactory.getLogger(Cancellations.class);

  private final RequestMemory memory;
  private final StepCanceller canceller;
  private final Answers answers;
  private final FeatureFlags flags;
  private final WorkerMetrics metrics;
  private final TimeSource time;
  private final LogThrottle throttle;
  private final MalformedRequests malformed;

  Cancellations(
      RequestMemory memory,
      StepCanceller canceller,
      Answers answers,
      FeatureFlags flags,
      WorkerMetrics metrics,
      TimeSource time,
      LogThrottle throttle) {
    this.memory = memory;
    this.canceller = canceller;
    this.answers = answers;
    this.flags = flags;
    this.metrics = metrics;
    this.time = time;
    this.throttle = throttle;
    this.malformed = new MalformedRequests(time);
  }

  /**
   * Ends a step that has just arrived, if a request for it came before. Without requests this costs
   * one read.
   *
   * @return whether the step has ended and must not be queued
   */
  public boolean endIfRequested(Step step) {
    if (memory.size() == 0) {
      return false;
    }
    ExecAssignment assignment = step.assignment();
    ReceivedRequest found =
        memory.find(
            assignment.tenantId(),
            assignment.assignmentId(),
            assignment.correlation().runId(),
            assignment.correlation().flowId(),
            time.nanos());
    if (found == null || !mayBeCancelled(assignment)) {
      return false;
    }
    CancelledStep cancelled = canceller.cancel(step, found.request());
    if (cancelled != null) {
      publish(step, found, cancelled);
    }
    return step.hasEnded();
  }

  /**
   * Handles messages of the {@code cancel} subject. All steps that they are for end before the
   * first of them is published, and those that run end last: a slot that becomes free must not
   * start one of the others. Called by the reader's thread.
   */
  void received(List<RequestSource.StoredMessage> messages) {
    List<Runnable> publications = new ArrayList<>();
    try {
      end(messages, publications);
    } finally {
      publications.forEach(Runnable::run);
    }
  }

  private void end(List<RequestSource.StoredMessage> messages, List<Runnable> publications) {
    Map<CancelTarget, ReceivedRequest> wide = new HashMap<>();
    for (RequestSource.StoredMessage message : messages) {
      ReceivedRequest fresh = remember(message);
      if (fresh != null) {
        CancelTarget target = fresh.request().target();
        if (target.kind() == IdKind.ASSIGNMENT_ID) {
          endAssignment(fresh, publications);
        } else {
          wide.put(target, fresh);
        }
      }
    }
    if (!wide.isEmpty()) {
      Map<Step, ReceivedRequest> running = new LinkedHashMap<>();
      answers.forEachUnderway(work -> endIfMeant((Step) work, wide, running, publications));
      running.forEach((step, received) -> end(step, received, publications));
    }
  }

  /** Forgets old requests, and logs what is due. Called now and then by the reader's thread. */
  void tidy() {
    if (memory.size() > 0) {
      memory.forgetExpired(time.nanos());
    }
    malformed.logIfDue();
  }

  /** Returns whether a request for this assignment would be followed on this worker. */
  boolean isOn(String assignmentId, String tenantId) {
    return flags.cancellation(assignmentId, tenantId);
  }

  /** Returns the request if it is new, else null. */
  private @Nullable ReceivedRequest remember(RequestSource.StoredMessage message) {
    return switch (CancelCodec.decode(message.body())) {
      case CancelFault fault -> {
        metrics.cancellationMalformed();
        malformed.add(fault);
        yield null;
      }
      case CancelRequest request -> remember(request, message.storedMillis());
    };
  }

  private @Nullable ReceivedRequest remember(CancelRequest request, long storedMillis) {
    long now = time.nanos();
    long maxAge = RequestStream.MAX_AGE.toNanos();
    long age =
        Math.clamp(Duration.ofMillis(time.epochMillis() - storedMillis).toNanos(), 0, maxAge);
    ReceivedRequest received = new ReceivedRequest(request, storedMillis, now, now + maxAge - age);
    RequestMemory.Remembered remembered = memory.remember(received, now);
    if (remembered == RequestMemory.Remembered.NEW_AND_FULL) {
      throttle.log(
          log.atWarn().addKeyValue("requests", memory.size()),
          "There is no room for more cancellation requests; the oldest are forgotten");
    }
    return remembered == RequestMemory.Remembered.KNOWN ? null : received;
  }

  private void endAssignment(ReceivedRequest received, List<Runnable> publications) {
    CancelTarget target = received.request().target();
    if (answers.underway(target.id()) instanceof Step step
        && step.assignment().tenantId().equals(target.tenantId())) {
      if (mayBeCancelled(step.assignment())) {
        end(step, received, publications);
      }
    } else if (flags.cancellation(target.id(), target.tenantId())
        && answers.isAnswered(target.id(), target.tenantId())) {
      metrics.cancellationTooLate();
    }
  }

  /** Ends a step that a request is for. If it runs, it is only added to those that run. */
  private void endIfMeant(
      Step step,
      Map<CancelTarget, ReceivedRequest> wide,
      Map<Step, ReceivedRequest> running,
      List<Runnable> publications) {
    ExecAssignment assignment = step.assignment();
    ReceivedRequest received =
        wide(wide, assignment, IdKind.RUN_ID, assignment.correlation().runId());
    if (received == null) {
      received = wide(wide, assignment, IdKind.FLOW_ID, assignment.correlation().flowId());
    }
    if (received == null || !mayBeCancelled(assignment)) {
      return;
    }
    CancelledStep cancelled = canceller.cancelUnlessRunning(step, received.request());
    if (cancelled != null) {
      addOrPublish(publications, step, received, cancelled);
    } else if (step.hasEnded()) {
      metrics.cancellationTooLate();
    } else {
      running.put(step, received);
    }
  }

  private static @Nullable ReceivedRequest wide(
      Map<CancelTarget, ReceivedRequest> wide,
      ExecAssignment assignment,
      IdKind kind,
      @Nullable String id) {
    return id == null ? null : wide.get(new CancelTarget(assignment.tenantId(), kind, id));
  }

  private void end(Step step, ReceivedRequest received, List<Runnable> publications) {
    CancelledStep cancelled = canceller.cancel(step, received.request());
    if (cancelled == null) {
      metrics.cancellationTooLate();
    } else {
      addOrPublish(publications, step, received, cancelled);
    }
  }

  /** For lack of memory the result may have to be published at once. */
  private void addOrPublish(
      List<Runnable> publications, Step step, ReceivedRequest received, CancelledStep cancelled) {
    try {
      publications.add(() -> publish(step, received, cancelled));
    } catch (RuntimeException | Error e) {
      cancelled.publication().run();
      throw e;
    }
  }

  private boolean mayBeCancelled(ExecAssignment assignment) {
    return flags.cancellation(assignment.assignmentId(), assignment.tenantId());
  }

  private void publish(Step step, ReceivedRequest received, CancelledStep cancelled) {
    cancelled.publication().run();
    // The request may be older than the assignment.
    long sinceReceipt = time.nanos() - received.receivedNanos();
    long sinceArrival = time.nanos() - step.arrivedNanos();
    metrics.cancelled(cancelled.stage(), Duration.ofNanos(Math.min(sinceReceipt, sinceArrival)));
  }
}
