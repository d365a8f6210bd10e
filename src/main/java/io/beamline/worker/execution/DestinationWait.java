package io.beamline.worker.execution;

import io.beamline.worker.destination.AttemptVerdict;
import io.beamline.worker.destination.Destination;
import io.beamline.worker.destination.Permit;
import io.beamline.worker.destination.Refusal;
import io.beamline.worker.destination.Waiter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The place of a step that waits for its destination: for an open circuit breaker, or for a limit.
 * The step is in the waiting room too, without a timer. Thread-safe.
 */
final class DestinationWait implements Place, Waiter {

  private final DestinationGate gate;
  private final Step step;
  private final Destination destination;
  private final AttemptQueue next;

  DestinationWait(DestinationGate gate, Step step, Destination destination, AttemptQueue next) {
    this.gate = gate;
    this.step = step;
    this.destination = destination;
    this.next = next;
  }

  @Override
  public void release(Step ended) {
    boolean unused = gate.room().letGo(step);
    destination.leave(this);
  }

  /** Returns why it waits if that is the breaker; null if it is a limit. */
  @Nullable Refusal refusal() {
    return destination.refusal();
  }

  @Override
  public boolean isFirstAttempt() {
    return step.attempts() == 0;
  }

  @Override
  public boolean waitsForBreaker(@Nullable Duration untilTrial) {
    boolean waits = gate.waitsForBreaker(step, untilTrial);
    if (waits) {
      gate.parked(step);
    }
    return waits;
  }

  @Override
  public void granted(Permit permit) {
    try {
      if (gate.room().letGo(step)) {
        step.setPermit(permit);
        gate.queueAgain(step, next);
      } else {
        permit.giveBack(AttemptVerdict.NOTHING);
      }
    } catch (RuntimeException | Error e) {
      permit.giveBack(AttemptVerdict.NOTHING);
      gate.couldNotGoOn(step, e);
    }
  }

  @Override
  public void released(Duration spread) {
    try {
      gate.room().waitOn(step, gate.partOf(spread, step), next);
    } catch (RuntimeException | Error e) {
      gate.couldNotGoOn(step, e);
    }
  }

  @Override
  public void refused(Refusal refusal) {
    try {
      gate.refuse(step, refusal);
    } catch (RuntimeException | Error e) {
      gate.couldNotGoOn(step, e);
    }
  }
}
