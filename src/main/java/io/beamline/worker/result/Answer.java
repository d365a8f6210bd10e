package io.beamline.worker.result;

import io.beamline.worker.contract.AssignmentIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the worker owes for one assignment: an ack, and when that accepts, a result, which a dead
 * letter may accompany. These are published once the server has the ack, and the assignment is
 * acknowledged once the server has them all (contract section 6). Each is given once; what comes
 * later is ignored. Thread-safe.
 */
public final class Answer {

  private final Answers answers;
  private final String assignmentId;
  private final AssignmentIdentity identity;
  private final Delivery delivery;
  private final List<Lease> leases = new ArrayList<>(1);
  private AnswerState state = new AnswerState.Undecided(null);

  Answer(Answers answers, String assignmentId, AssignmentIdentity identity, Delivery delivery) {
    this.answers = answers;
    this.assignmentId = assignmentId;
    this.identity = identity;
    this.delivery = delivery;
    if (delivery.lease() != null) {
      leases.add(delivery.lease());
    }
  }

  /** Whom it answers. */
  public AssignmentIdentity identity() {
    return identity;
  }

  /** The message that is answered. */
  public Delivery delivery() {
    return delivery;
  }

  /** Takes the leases of another delivery of the same assignment; false when it is too late. */
  synchronized boolean join(@Nullable Lease lease) {
    if (state instanceof AnswerState.Settled || state instanceof AnswerState.Over) {
      return false;
    }
    if (lease != null) {
      leases.add(lease);
    }
    return true;
  }

  /** Ends it undecided because its answer is known already; gives all leases that it took. */
  synchronized List<Lease> withdraw() {
    List<Lease> taken = List.copyOf(leases);
    state = AnswerState.Over.INSTANCE;
    return taken;
  }

  /** Gives the ack that accepts; false when there is an ack, or the assignment was handed back. */
  boolean accept(Decision acceptance) {
    return decide(acceptance, null);
  }

  /**
   * Gives the ack that rejects; false when there is an ack, or the assignment was handed back.
   *
   * @param alsoResult a result for Routers that read no acks, null for none
   */
  boolean reject(Decision rejection, @Nullable Outgoing alsoResult) {
    return decide(rejection, new Ending(alsoResult, null));
  }

  /**
   * Gives the result; false when there is one already, or the assignment was rejected or handed
   * back.
   */
  boolean finish(Ending ending) {
    return follow(become(now -> now.end(ending)));
  }

  /** Gives the assignment back to the server, unless it was rejected or has both its answers. */
  public void handBack() {
    if (become(AnswerState::handBack) != null) {
      answers.handedBack(assignmentId, this, leases);
    }
  }

  /**
   * Whether the server may have given the assignment to another worker: no lease on it was renewed
   * within the lease's time (contract section 6). Never so while NATS is away, nor in core
   * delivery.
   *
   * @param nowNanos monotonic time
   */
  public boolean hasLapsed(long nowNanos) {
    Lease first = delivery.lease();
    return first != null && answers.hasLapsed(first, nowNanos) && allHaveLapsed(nowNanos);
  }

  private synchronized boolean allHaveLapsed(long nowNanos) {
    return leases.stream().allMatch(lease -> answers.hasLapsed(lease, nowNanos));
  }

  /**
   * Leaves the assignment to whoever it is delivered to next, as {@link #handBack} does, but does
   * not ask the server for that delivery: another worker may have it already.
   */
  public void letGo() {
    if (become(AnswerState::handBack) != null) {
      answers.letGo(assignmentId, this, leases);
    }
  }

  private boolean decide(Decision decision, @Nullable Ending ending) {
    Outgoing ack = answers.ack(decision, identity, delivery);
    if (become(now -> now.decide(decision, ending)) == null) {
      return false;
    }
    publish(ack, this::ackStored);
    return true;
  }

  private void publish(Outgoing message, Runnable stored) {
    try {
      answers.publish(message, stored);
    } catch (RuntimeException | Error e) {
      abandon();
      throw e;
    }
  }

  /**
   * Gives the assignment back to the server, however far its answer is: the worker cannot go on
   * with it. What was published already is dropped as a duplicate when the next delivery is
   * answered. Needs no memory.
   */
  void abandon() {
    if (endUnsettled()) {
      answers.handedBack(assignmentId, this, leases);
    }
  }

  private synchronized boolean endUnsettled() {
    if (state instanceof AnswerState.Settled || state instanceof AnswerState.Over) {
      return false;
    }
    state = AnswerState.Over.INSTANCE;
    return true;
  }

  /** The state that follows, null when nothing changes. */
  private synchronized @Nullable AnswerState become(
      Function<AnswerState, @Nullable AnswerState> change) {
    AnswerState next = change.apply(state);
    if (next == null) {
      return null;
    }
    if (next instanceof AnswerState.Settled(Decision decision, Ending ending)) {
      // Known before it is forgotten: there is no moment in which a redelivery finds neither.
      answers.remember(assignmentId, decision, identity.tenantId(), ending);
    }
    state = next;
    return next;
  }

  /** Does what a new state asks for; false when there is none. */
  private boolean follow(@Nullable AnswerState reached) {
    switch (reached) {
      case null -> {
        return false;
      }
      case AnswerState.Ended ended ->
          ended.ending().messages().forEach(message -> publish(message, this::messageStored));
      case AnswerState.Settled settled -> answers.settled(assignmentId, this, leases);
      default -> {}
    }
    return true;
  }

  private void ackStored() {
    try {
      follow(become(AnswerState::ackStored));
    } catch (RuntimeException | Error e) {
      abandon();
      throw e;
    }
  }

  private void messageStored() {
    try {
      if (become(AnswerState::stored) instanceof AnswerState.Settled) {
        answers.settled(assignmentId, this, leases);
      }
    } catch (RuntimeException | Error e) {
      abandon();
      throw e;
    }
  }
}
