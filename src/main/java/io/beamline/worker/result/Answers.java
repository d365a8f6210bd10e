package io.beamline.worker.result;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.ExecAssignmentAck.Status;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.timeout.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that the worker owes. One assignment is run once at a time however often it is delivered, and
 * what was answered lately is answered again, not decided again (contract section 6). Thread-safe.
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
   * Takes a delivery. Null when nothing is left to decide: the assignment is under way, or its
   * answer is known and is being published again.
   */
  public @Nullable Answer open(AssignmentIdentity identity, Delivery delivery) {
    String id = identity.assignmentId();
    if (id == null) {
      throw new IllegalArgumentException("an assignment without an id cannot be answered");
    }
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
      if (other.join(lease)) {
        metrics.duplicate();
        return null;
      }
      unfinished.remove(id, other);
    }
    try {
      return isUnanswered(id, opened, delivery) ? opened : null;
    } catch (RuntimeException | Error e) {
      // Nobody has it yet, and a redelivery would join it.
      opened.abandon();
      throw e;
    }
  }

  private boolean isUnanswered(String id, Answer opened, Delivery delivery) {
    KnownAnswers.Known answered = known.find(id);
    if (answered == null) {
      return true;
    }
    // Others may have joined it; from now on they look for the answer themselves.
    List<Lease> waiting = opened.withdraw();
    unfinished.remove(id, opened);
    metrics.duplicate();
    leases.orHandBack(waiting, () -> publishAgain(answered, opened.identity(), delivery, waiting));
    return false;
  }

  /**
   * Accepts an assignment.
   *
   * @param overload the pool's state, null with queue management off
   */
  public void accept(Answer answer, @Nullable Overload overload, boolean cp2) {
    if (answer.accept(decision(Status.ACCEPTED, null, null, overload, cp2))) {
      metrics.assignmentAnswered(Status.ACCEPTED.wireName(), "none");
    }
  }

  /** Rejects an assignment; its detail names every fault. */
  public void reject(
      Answer answer, RejectReason reason, String detail, @Nullable Overload overload, boolean cp2) {
    reject(answer, reason, detail, overload, cp2, null);
  }

  /**
   * Rejects an assignment.
   *
   * @param detail names every fault
   * @param overload the pool's state, null with queue management off
   * @param alsoResult a result that says so to Routers that read no acks, null for none
   */
  public void reject(
      Answer answer,
      RejectReason reason,
      String detail,
      @Nullable Overload overload,
      boolean cp2,
      @Nullable ExecResult alsoResult) {
    Outgoing result =
        alsoResult == null ? null : writer.result(alsoResult, answer.delivery(), cp2).message();
    Decision rejection = decision(Status.REJECTED, reason.wireName(), detail, overload, cp2);
    if (answer.reject(rejection, result)) {
      metrics.assignmentAnswered(Status.REJECTED.wireName(), reason.wireName());
    }
  }

  /**
   * Says that the worker failed before it could decide, and hands the assignment back. The server
   * drops the ack of its next delivery, which has the same id: it could only accept, because what
   * is refused is refused before anything fails, and the result that follows says so too.
   */
  public void failed(Answer answer) {
    try {
      Decision error =
          decision(
              Status.ERROR,
              "internal_error",
              "the worker failed before it could decide",
              null,
              false);
      outbox.send(ack(error, answer.identity(), answer.delivery()), () -> {});
      metrics.assignmentAnswered(Status.ERROR.wireName(), "internal_error");
    } finally {
      answer.handBack();
    }
  }

  /**
   * Ends an assignment, and gives its outcome as it is published: a result that the server would
   * not take becomes an error. Null when the assignment has ended already. When there is no memory
   * left to keep the result until NATS is back, the assignment is handed back instead: it runs
   * again.
   */
  public @Nullable StepOutcome finish(Answer answer, ExecResult result, boolean cp2) {
    return finish(answer, result, cp2, null);
  }

  /**
   * Ends an assignment like {@link #finish(Answer, ExecResult, boolean)}. When it is published as
   * an error or a timeout, a dead letter goes beside the result: the assignment is acknowledged
   * once the server has both (contract section 7).
   *
   * @param whenFailed why there is a dead letter then, null for none
   */
  public @Nullable StepOutcome finish(
      Answer answer, ExecResult result, boolean cp2, @Nullable Reason whenFailed) {
    if (!outbox.hasRoom() && answer.delivery().lease() != null) {
      answer.handBack();
      throttle.log(
          log.atError(),
          "No memory is left for unpublished results; a step is handed back to run again");
      return null;
    }
    AnswerWriter.Written written = writer.result(result, answer.delivery(), cp2);
    DeadLetter letter =
        whenFailed != null && written.result().outcome().status().isFailure()
            ? new DeadLetter(
                written.result(), whenFailed, answer.delivery().subject(), answer.delivery().body())
            : null;
    Outgoing beside = letter == null ? null : writer.deadLetter(letter, answer.delivery());
    if (!answer.finish(new Ending(written.message(), beside))) {
      return null;
    }
    if (letter != null) {
      deadLetters.tell(letter);
    }
    return written.result().outcome();
  }

  /** Assignments that are not settled yet: queued, waiting, running or unpublished. */
  public int unfinished() {
    return unfinished.size();
  }

  /** Hands back a delivery, unless it was let go before. */
  public void handBack(Delivery delivery) {
    Lease lease = delivery.lease();
    if (lease != null) {
      leases.hold(lease);
      leases.handBack(lease);
    }
  }

  /** Hands back everything that has no result yet. */
  public void handBackAll() {
    List.copyOf(unfinished.values()).forEach(Answer::handBack);
  }

  void publish(Outgoing message, Runnable confirmed) {
    outbox.send(message, confirmed);
  }

  /** Never throws: an answer that cannot be kept is decided anew where it is delivered again. */
  void remember(String id, Decision decision, @Nullable String tenantId, Ending ending) {
    try {
      known.remember(id, new KnownAnswers.Known(decision, tenantId, ending.resultBody()));
    } catch (RuntimeException | Error e) {
      // The server has the answer: it must be acknowledged, with or without memory.
    }
  }

  void settled(String id, Answer answer, List<Lease> done) {
    unfinished.remove(id, answer);
    leases.acknowledge(done);
  }

  void handedBack(String id, Answer answer, List<Lease> done) {
    unfinished.remove(id, answer);
    leases.handBack(done);
  }

  void letGo(String id, Answer answer, List<Lease> lapsed) {
    unfinished.remove(id, answer);
    leases.letGo(lapsed);
  }

  boolean hasLapsed(Lease lease, long nowNanos) {
    return leases.hasLapsed(lease, nowNanos);
  }

  Outgoing ack(Decision decision, AssignmentIdentity identity, Delivery delivery) {
    return writer.ack(decision.to(identity), delivery, decision.cp2());
  }

  private Decision decision(
      Status status,
      @Nullable String reason,
      @Nullable String detail,
      @Nullable Overload overload,
      boolean cp2) {
    return new Decision(status, reason, detail, overload, cp2, workerId, time.epochMillis());
  }

  /** Whatever else the new delivery tells, the answer stays its tenant's. */
  private void publishAgain(
      KnownAnswers.Known answered,
      AssignmentIdentity redelivered,
      Delivery delivery,
      List<Lease> waiting) {
    AssignmentIdentity identity = redelivered.ofTenant(answered.tenantId());
    Runnable acknowledge = () -> leases.acknowledge(waiting);
    Decision decision = answered.decision();
    byte[] body = answered.result();
    Outgoing result =
        body == null
            ? null
            : writer.again(body, identity, delivery, decision.cp2(), time.epochMillis());
    outbox.send(
        ack(decision, identity, delivery),
        result == null
            ? acknowledge
            : () -> leases.orHandBack(waiting, () -> outbox.send(result, acknowledge)));
  }
}
