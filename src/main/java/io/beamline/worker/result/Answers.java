package io.beamline.worker.result;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.ExecAssignmentAck.AckStatus;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.observability.tracing.AssignmentTrace;
import io.beamline.worker.observability.tracing.AssignmentTrace.DeliveryEnd;
import io.beamline.worker.timeout.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers to all assignments of this worker. An assignment that is delivered again while it is
 * under way does not run twice at the same time. One that was answered lately gets the same answer
 * again (contract section 6). Safe for several threads.
 */
public final class Answers {

  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  private final AnswerWriter writer;
  private final Outbox outbox;
  private final Leases leases;
  private final DeadLetters deadLetters;
  private final WorkerMetrics metrics;
  private final TimeSource time;
  private final LogThrottle throttle;
  private final String workerId;
  private final KnownAnswers known;
  private final Map<String, Answer> unfinished = new ConcurrentHashMap<>();
  private final AtomicInteger handedBack = new AtomicInteger();
  private final LongAdder settled = new LongAdder();
  private volatile Consumer<Delivery> settledListener = delivery -> {};

  Answers(
      AnswerWriter writer,
      Outbox outbox,
      Leases leases,
      DeadLetters deadLetters,
      WorkerMetrics metrics,
      TimeSource time,
      LogThrottle throttle,
      String workerId) {
    this.writer = writer;
    this.outbox = outbox;
    this.leases = leases;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.time = time;
    this.throttle = throttle;
    this.workerId = workerId;
    this.known = KnownAnswers.ofThisProcess(time);
  }

  /**
   * Opens the answer to a delivery. Returns null if the caller has nothing to decide: the
   * assignment is under way already, or its answer is known and is published again.
   *
   * @throws IllegalArgumentException if the assignment has no id
   */
  public @Nullable Answer open(AssignmentIdentity identity, Delivery delivery) {
    String id = identity.assignmentId();
    if (id == null) {
      throw new IllegalArgumentException("an assignment without an id cannot be answered");
    }
    delivery.trace().identified(identity);
    Lease lease = delivery.lease();
    if (lease != null) {
      leases.hold(lease);
    }
    if (delivery.count() > 1) {
      metrics.redelivered();
    }
    Answer opened = new Answer(this, id, identity, delivery);
    for (Answer other = unfinished.putIfAbsent(id, opened);
        other != null;
        other = unfinished.putIfAbsent(id, opened)) {
      if (other.addLease(lease)) {
        metrics.duplicate();
        delivery.trace().close(DeliveryEnd.DUPLICATE);
        return null;
      }
      unfinished.remove(id, other);
    }
    try {
      return repeatKnownAnswer(id, opened, delivery) ? null : opened;
    } catch (RuntimeException | Error e) {
      // No caller will end this answer, and each redelivery would only add its lease to it.
      opened.abandon();
      delivery.trace().close(DeliveryEnd.HANDED_BACK);
      throw e;
    }
  }

  /**
   * Publishes the answer of an earlier delivery again, and ends the opened one. Returns false and
   * does nothing if no answer is known.
   */
  private boolean repeatKnownAnswer(String id, Answer opened, Delivery delivery) {
    KnownAnswers.KnownAnswer knownAnswer = known.find(id);
    if (knownAnswer == null) {
      return false;
    }
    // Other deliveries may have added their leases. Later ones find the known answer themselves.
    List<Lease> taken = opened.withdraw();
    unfinished.remove(id, opened);
    metrics.duplicate();
    leases.orHandBack(taken, () -> publishAgain(knownAnswer, opened.identity(), delivery, taken));
    return true;
  }

  /**
   * Accepts an assignment.
   *
   * @param overload the pool's state, null with queue management off
   * @param cp2 whether at least one flag applied
   */
  public void accept(Answer answer, @Nullable Overload overload, boolean cp2) {
    if (answer.accept(decision(AckStatus.ACCEPTED, null, null, overload, cp2))) {
      metrics.assignmentAnswered(AckStatus.ACCEPTED.wireName(), "none");
    }
  }

  /** Rejects an assignment without a result. */
  public void reject(
      Answer answer, RejectReason reason, String detail, @Nullable Overload overload, boolean cp2) {
    reject(answer, reason, detail, overload, cp2, null);
  }

  /**
   * Rejects an assignment.
   *
   * @param detail names every fault
   * @param overload the pool's state, null with queue management off
   * @param cp2 whether at least one flag applied
   * @param alsoResult a result that says the same as the ack, for Routers that read no acks; null
   *     for none
   */
  public void reject(
      Answer answer,
      RejectReason reason,
      String detail,
      @Nullable Overload overload,
      boolean cp2,
      @Nullable ExecResult alsoResult) {
    OutgoingMessage result =
        alsoResult == null ? null : writer.result(alsoResult, answer.delivery(), cp2).message();
    answer.delivery().trace().rejected(reason.wireName());
    AckDecision rejection = decision(AckStatus.REJECTED, reason.wireName(), detail, overload, cp2);
    if (answer.reject(rejection, result)) {
      metrics.assignmentAnswered(AckStatus.REJECTED.wireName(), reason.wireName());
    }
  }

  /**
   * Publishes an ack with status {@code error} and hands the assignment back, because the worker
   * failed before it could accept or reject it. In JetStream delivery the assignment is delivered
   * again, and the server drops the ack of that delivery as a duplicate. Nothing is lost with it:
   * that ack accepts, because a redelivery is never rejected with {@code queue_full}, and a result
   * follows. In core delivery the ack with status {@code error} is the only answer.
   */
  public void reportFailure(Answer answer) {
    try {
      AckDecision error =
          decision(
              AckStatus.ERROR,
              "internal_error",
              "the worker failed before it could decide",
              null,
              false);
      publish(
          ack(error, answer.identity(), answer.delivery()), answer.delivery().trace(), () -> {});
      metrics.assignmentAnswered(AckStatus.ERROR.wireName(), "internal_error");
    } finally {
      answer.handBack();
    }
  }

  /**
   * Ends an assignment with a result. Returns the outcome that is published: a result that is
   * larger than the server takes becomes an error. Returns null if nothing is published, which has
   * one of two reasons. Either the assignment has ended already. Or, in JetStream delivery, no
   * memory is left to keep the result; then the assignment is handed back and runs again.
   */
  public @Nullable StepOutcome finish(Answer answer, ExecResult result, boolean cp2) {
    return finish(answer, result, cp2, null);
  }

  /**
   * Ends an assignment like {@link #finish(Answer, ExecResult, boolean)}. If the outcome is an
   * error or a timeout, a dead letter is published too. The assignment is acknowledged after the
   * server has confirmed both (contract section 7).
   *
   * @param whenFailed the reason of the dead letter after a failure, null for no dead letter
   */
  public @Nullable StepOutcome finish(
      Answer answer, ExecResult result, boolean cp2, @Nullable Reason whenFailed) {
    if (!outbox.hasRoom() && answer.delivery().lease() != null) {
      answer.handBack();
      throttle.log(
          log.atError(),
          "No memory is left for unpublished results; the step is handed back and runs again");
      return null;
    }
    AnswerWriter.WrittenResult written = writer.result(result, answer.delivery(), cp2);
    traceEnd(answer, written.result().outcome());
    DeadLetter letter =
        whenFailed != null && written.result().outcome().status().isFailure()
            ? new DeadLetter(
                written.result(), whenFailed, answer.delivery().subject(), answer.delivery().body())
            : null;
    OutgoingMessage deadLetter =
        letter == null ? null : writer.deadLetter(letter, answer.delivery());
    if (!answer.finish(new FinalMessages(written.message(), deadLetter))) {
      return null;
    }
    if (letter != null) {
      deadLetters.record(letter);
    }
    return written.result().outcome();
  }

  /** Before the publication: the confirmation ends the span. */
  private static void traceEnd(Answer answer, StepOutcome outcome) {
    StepError error = outcome instanceof StepOutcome.Failure failure ? failure.error() : null;
    answer.delivery().trace().ended(outcome.status().wireName(), error);
  }

  /**
   * Returns the number of assignments that have arrived and are neither acknowledged nor handed
   * back.
   */
  public int unfinished() {
    return unfinished.size();
  }

  /** Returns how many assignments have their answers stored since the start. */
  public long settled() {
    return settled.sum();
  }

  /** Returns how many unfinished assignments were handed back to the server since the start. */
  public int handedBack() {
    return handedBack.get();
  }

  /** Returns what works on an assignment, or null if nothing does on this worker. */
  public @Nullable Underway underway(String assignmentId) {
    Answer answer = unfinished.get(assignmentId);
    return answer == null ? null : answer.underway();
  }

  /** Calls an action for all that is worked on when the call begins, in no order. */
  public void forEachUnderway(Consumer<Underway> action) {
    for (Answer answer : unfinished.values()) {
      Underway work = answer.underway();
      if (work != null) {
        action.accept(work);
      }
    }
  }

  /** Returns whether this worker knows the answer to an assignment of a tenant. */
  public boolean isAnswered(String assignmentId, String tenantId) {
    KnownAnswers.KnownAnswer answer = known.find(assignmentId);
    return answer != null && tenantId.equals(answer.tenantId());
  }

  /**
   * Hands back a delivery that has no open answer. Does nothing if its lease has ended, and in core
   * delivery.
   */
  public void handBack(Delivery delivery) {
    Lease lease = delivery.lease();
    if (lease != null) {
      // Only a held lease can be ended. This holds the lease unless it was held before.
      leases.hold(lease);
      leases.handBack(lease);
    }
  }

  /** Hands back all assignments that have no result yet. */
  public void handBackAll() {
    List.copyOf(unfinished.values()).forEach(Answer::handBack);
  }

  /** Publishes a message of an answer, and runs a follow-up once the server has stored it. */
  void publish(OutgoingMessage message, AssignmentTrace trace, Runnable confirmed) {
    outbox.send(message, traced(message, trace, confirmed));
  }

  private static Runnable traced(
      OutgoingMessage message, AssignmentTrace trace, Runnable confirmed) {
    return trace.publishes(message.subject(), message.body().length).endingBefore(confirmed);
  }

  /** Keeps an answer for redeliveries. Never throws: if it is not kept, a redelivery runs again. */
  void remember(
      String id, AckDecision decision, @Nullable String tenantId, FinalMessages finalMessages) {
    try {
      known.remember(
          id, new KnownAnswers.KnownAnswer(decision, tenantId, finalMessages.resultBody()));
    } catch (RuntimeException | Error e) {
      // The answer is not kept, for example for lack of memory. But the server has it, so the
      // assignment must be acknowledged.
    }
  }

  /**
   * Sets what is called with the first delivery of an assignment when the server has stored its
   * answer. Called by any thread; must neither throw nor wait.
   */
  public void whenSettled(Consumer<Delivery> listener) {
    settledListener = listener;
  }

  void settled(String id, Answer answer, List<Lease> done) {
    unfinished.remove(id, answer);
    leases.acknowledge(done);
    settled.increment();
    settledListener.accept(answer.delivery());
    answer.delivery().trace().close(DeliveryEnd.ANSWERED);
  }

  void handedBack(String id, Answer answer, List<Lease> held) {
    unfinished.remove(id, answer);
    handedBack.incrementAndGet();
    leases.handBack(held);
    answer.delivery().trace().close(DeliveryEnd.HANDED_BACK);
  }

  void handedBackForLater(String id, Answer answer, List<Lease> held) {
    unfinished.remove(id, answer);
    handedBack.incrementAndGet();
    leases.handBackForLater(held);
    answer.delivery().trace().close(DeliveryEnd.HANDED_BACK);
  }

  void forget(String id, Answer answer, List<Lease> lapsed) {
    unfinished.remove(id, answer);
    leases.forget(lapsed);
    answer.delivery().trace().close(DeliveryEnd.LAPSED);
  }

  boolean hasLapsed(Lease lease, long nowNanos) {
    return leases.hasLapsed(lease, nowNanos);
  }

  OutgoingMessage ack(AckDecision decision, AssignmentIdentity identity, Delivery delivery) {
    return writer.ack(decision.to(identity), delivery, decision.cp2());
  }

  private AckDecision decision(
      AckStatus status,
      @Nullable String reason,
      @Nullable String detail,
      @Nullable Overload overload,
      boolean cp2) {
    return new AckDecision(status, reason, detail, overload, cp2, workerId, time.epochMillis());
  }

  /** Publishes a known answer again. Its tenant is the known one, whatever the redelivery says. */
  private void publishAgain(
      KnownAnswers.KnownAnswer knownAnswer,
      AssignmentIdentity redelivered,
      Delivery delivery,
      List<Lease> taken) {
    AssignmentIdentity identity = redelivered.withTenantId(knownAnswer.tenantId());
    AssignmentTrace trace = delivery.trace();
    Runnable acknowledge =
        () -> {
          leases.acknowledge(taken);
          trace.close(DeliveryEnd.ANSWERED_AGAIN);
        };
    AckDecision decision = knownAnswer.decision();
    byte[] body = knownAnswer.result();
    OutgoingMessage result =
        body == null
            ? null
            : writer.repeatedResult(body, identity, delivery, decision.cp2(), time.epochMillis());
    publish(
        ack(decision, identity, delivery),
        trace,
        result == null
            ? acknowledge
            : () -> leases.orHandBack(taken, () -> publish(result, trace, acknowledge)));
  }
}
