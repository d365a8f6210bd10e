package io.beamline.worker.result;

import io.beamline.worker.contract.AssignmentIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the worker owes for one assignment: an ack, and when that accepts, a result. The result is
 * published once the server has the ack, and the assignment is acknowledged once the server has the
 * result (contract section 6). Each is given once; what comes later is ignored. Thread-safe.
 */
public final class Answer {

  private final Answers answers;
  private final String assignmentId;
  private final AssignmentIdentity identity;
  private final Delivery delivery;
  private final List<Lease> leases = new ArrayList<>(1);
  private @Nullable Outgoing ack;
  private @Nullable Outgoing result;
  private boolean rejected;
  private boolean ackConfirmed;
  private boolean over;

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
    if (over) {
      return false;
    }
    if (lease != null) {
      leases.add(lease);
    }
    return true;
  }

  /** Ends it undecided because its answer is known already; gives all leases that it took. */
  synchronized List<Lease> withdraw() {
    over = true;
    return List.copyOf(leases);
  }

  /** Gives the ack that accepts; false when there is an ack, or the assignment was handed back. */
  boolean accept(Outgoing acceptance) {
    boolean first = decide(acceptance, false);
    if (first) {
      answers.publish(acceptance, this::ackConfirmed);
    }
    return first;
  }

  /**
   * Gives the ack that rejects; false when there is an ack, or the assignment was handed back.
   *
   * @param alsoResult a result for Routers that read no acks, null for none
   */
  boolean reject(Outgoing rejection, @Nullable Outgoing alsoResult) {
    boolean first = decide(rejection, true);
    if (first) {
      if (alsoResult != null) {
        keep(alsoResult);
      }
      answers.publish(rejection, this::ackConfirmed);
    }
    return first;
  }

  /**
   * Gives the result; false when there is one already, or the assignment was rejected or handed
   * back.
   */
  boolean finish(Outgoing message) {
    synchronized (this) {
      if (over || rejected || result != null) {
        return false;
      }
      result = message;
      if (!ackConfirmed) {
        return true;
      }
    }
    answers.publish(message, this::settle);
    return true;
  }

  /** Gives the assignment back to the server, unless it was rejected or has both its answers. */
  public void handBack() {
    synchronized (this) {
      if (over || rejected || (ack != null && result != null)) {
        return;
      }
      over = true;
    }
    answers.handedBack(assignmentId, this, leases);
  }

  private synchronized boolean decide(Outgoing decision, boolean rejects) {
    if (over || ack != null) {
      return false;
    }
    ack = decision;
    rejected = rejects;
    return true;
  }

  private synchronized void keep(Outgoing message) {
    result = message;
  }

  private void ackConfirmed() {
    Outgoing ready;
    synchronized (this) {
      ackConfirmed = true;
      ready = result;
    }
    if (ready != null) {
      answers.publish(ready, this::settle);
    } else if (isRejected()) {
      settle();
    }
  }

  private synchronized boolean isRejected() {
    return rejected;
  }

  /** What was answered is known before the assignment is forgotten: no moment lies in between. */
  private void settle() {
    synchronized (this) {
      if (over || ack == null) {
        return;
      }
      answers.remember(assignmentId, new KnownAnswers.Known(ack, result));
      over = true;
    }
    answers.settled(assignmentId, this, leases);
  }
}
