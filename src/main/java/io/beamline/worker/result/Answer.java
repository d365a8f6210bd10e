package io.beamline.worker.result;

import io.beamline.worker.contract.AssignmentIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one assignment: an ack; if it accepts, a result and perhaps a dead letter; if it
 * rejects, perhaps a result for Routers that read no acks. Result and dead letter are published
 * after the server has confirmed the ack. The assignment is acknowledged after the server has
 * confirmed all of them (contract section 6). Each part is set once; later calls change nothing and
 * return false. Safe for several threads: the state changes under the lock of this object.
 */
public final class Answer {

  private final Answers answers;
  private final String assignmentId;
  private final AssignmentIdentity identity;
  private final Delivery delivery;
  private final List<Lease> leases = new ArrayList<>(1);
  private AnswerState state = new AnswerState.NoAck(null);
  private volatile @Nullable Underway underway;

  Answer(Answers answers, String assignmentId, AssignmentIdentity identity, Delivery delivery) {
    this.answers = answers;
    this.assignmentId = assignmentId;
    this.identity = identity;
    this.delivery = delivery;
    if (delivery.lease() != null) {
      leases.add(delivery.lease());
    }
  }

  /** Returns the ids of the assignment that is answered. */
  public AssignmentIdentity identity() {
    return identity;
  }

  /** Returns the delivery that opened this answer. */
  public Delivery delivery() {
    return delivery;
  }

  /** Sets what works on the assignment, so that {@link Answers#underway} finds it. */
  public void attach(Underway work) {
    underway = work;
  }

  /** Returns what works on the assignment, or null if nothing does yet. */
  @Nullable Underway underway() {
    return underway;
  }

  /**
   * Adds the lease of another delivery of the same assignment.
   *
   * @param lease null in core delivery
   * @return false if this answer is complete already and takes no more leases
   */
  synchronized boolean addLease(@Nullable Lease lease) {
    if (state instanceof AnswerState.Settled || state instanceof AnswerState.Released) {
      return false;
    }
    if (lease != null) {
      leases.add(lease);
    }
    return true;
  }

  /**
   * Ends without publishing anything, because the answer to an earlier delivery is known and is
   * published again instead. Returns the leases.
   */
  synchronized List<Lease> withdraw() {
    List<Lease> taken = List.copyOf(leases);
    state = AnswerState.Released.INSTANCE;
    return taken;
  }

  /**
   * Publishes the ack that accepts.
   *
   * @return false if there is an ack already, or the assignment was handed back
   */
  boolean accept(AckDecision acceptance) {
    return decide(acceptance, null);
  }

  /**
   * Publishes the ack that rejects.
   *
   * @param alsoResult a result for Routers that read no acks, null for none
   * @return false if there is an ack already, or the assignment was handed back
   */
  boolean reject(AckDecision rejection, @Nullable OutgoingMessage alsoResult) {
    return decide(rejection, new FinalMessages(alsoResult, null));
  }

  /**
   * Sets the final messages, which are published after the ack is confirmed.
   *
   * @return false if there is a result already, or the assignment was rejected or handed back
   */
  boolean finish(FinalMessages finalMessages) {
    return onTransition(transition(now -> now.finish(finalMessages)));
  }

  /** Gives the assignment back to the server, unless it was rejected or has its result. */
  public void handBack() {
    if (transition(AnswerState::handBack) != null) {
      answers.handedBack(assignmentId, this, leases);
    }
  }

  /** Like {@link #handBack}, but the server delivers the assignment again after half a minute. */
  public void handBackForLater() {
    if (transition(AnswerState::handBack) != null) {
      answers.handedBackForLater(assignmentId, this, leases);
    }
  }

  /**
   * Returns whether the server may have given the assignment to another worker (contract section
   * 6). That is so if each lease was at some time not renewed within {@code ack_wait}. Without a
   * session only what was found before counts. Always false in core delivery.
   *
   * @param nowNanos the present monotonic time, in ns
   */
  public boolean hasLapsed(long nowNanos) {
    Lease first = delivery.lease();
    return first != null && answers.hasLapsed(first, nowNanos) && allHaveLapsed(nowNanos);
  }

  private synchronized boolean allHaveLapsed(long nowNanos) {
    return leases.stream().allMatch(lease -> answers.hasLapsed(lease, nowNanos));
  }

  /**
   * Gives up the assignment without a message to the server. Unlike {@link #handBack}, it does not
   * ask for another delivery, because another worker may have the assignment already.
   */
  public void forget() {
    if (transition(AnswerState::handBack) != null) {
      answers.forget(assignmentId, this, leases);
    }
  }

  private boolean decide(AckDecision decision, @Nullable FinalMessages finalMessages) {
    OutgoingMessage ack = answers.ack(decision, identity, delivery);
    if (transition(now -> now.decide(decision, finalMessages)) == null) {
      return false;
    }
    publish(ack, this::ackStored);
    return true;
  }

  private void publish(OutgoingMessage message, Runnable stored) {
    try {
      answers.publish(message, delivery.trace(), stored);
    } catch (RuntimeException | Error e) {
      abandon();
      throw e;
    }
  }

  /**
   * Gives the assignment back to the server after a failure inside the worker, even while its
   * result is being published; does nothing once it is settled or handed back. The next delivery
   * publishes its messages again, and the server drops those that it has already, as duplicates.
   * Allocates no memory.
   */
  void abandon() {
    if (endUnsettled()) {
      answers.handedBack(assignmentId, this, leases);
    }
  }

  private synchronized boolean endUnsettled() {
    if (state instanceof AnswerState.Settled || state instanceof AnswerState.Released) {
      return false;
    }
    state = AnswerState.Released.INSTANCE;
    return true;
  }

  /** Changes the state. Returns the new one, or null if nothing changed. */
  private synchronized @Nullable AnswerState transition(
      Function<AnswerState, @Nullable AnswerState> change) {
    AnswerState next = change.apply(state);
    if (next == null) {
      return null;
    }
    if (next instanceof AnswerState.Settled(AckDecision decision, FinalMessages finalMessages)) {
      // Remembered before the answer is removed, so that a redelivery always finds one of the two.
      answers.remember(assignmentId, decision, identity.tenantId(), finalMessages);
    }
    state = next;
    return next;
  }

  /**
   * Starts the work of a new state.
   *
   * @param reached the new state, null if the state has not changed
   * @return whether the state has changed
   */
  private boolean onTransition(@Nullable AnswerState reached) {
    switch (reached) {
      case null -> {
        return false;
      }
      case AnswerState.ResultPublishing publishing ->
          publishing
              .finalMessages()
              .messages()
              .forEach(message -> publish(message, this::messageStored));
      case AnswerState.Settled settled -> answers.settled(assignmentId, this, leases);
      default -> {}
    }
    return true;
  }

  private void ackStored() {
    try {
      onTransition(transition(AnswerState::ackStored));
    } catch (RuntimeException | Error e) {
      abandon();
      throw e;
    }
  }

  private void messageStored() {
    try {
      if (transition(AnswerState::messageStored) instanceof AnswerState.Settled) {
        answers.settled(assignmentId, this, leases);
      }
    } catch (RuntimeException | Error e) {
      abandon();
      throw e;
    }
  }
}
