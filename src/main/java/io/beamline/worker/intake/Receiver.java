package io.beamline.worker.intake;

import io.beamline.worker.result.Answers;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of a message that the server gave: it is taken, handed back, or refused. The
 * loop that uses it must live on, so nothing is ever thrown. Used by one thread.
 */
final class Receiver {

  private static final Logger log = LoggerFactory.getLogger(Receiver.class);

  private final AssignmentHandler handler;
  private final Outbox outbox;
  private final Answers answers;

  Receiver(AssignmentHandler handler, Outbox outbox, Answers answers) {
    this.handler = handler;
    this.outbox = outbox;
    this.answers = answers;
  }

  /** Takes a message. */
  void take(Delivery delivery) {
    try {
      handler.handle(delivery);
    } catch (RuntimeException | Error e) {
      // Perhaps nobody else lets go of its lease; where somebody did, this does nothing. Before the
      // log line, which needs memory.
      giveUp(delivery);
      report(e, "A message could not be taken");
    }
  }

  private void giveUp(Delivery delivery) {
    try {
      answers.handBack(delivery);
    } catch (RuntimeException | Error e) {
      report(e, "A message could not be handed back; it is delivered again after its lease");
    }
  }

  private static void report(Throwable defect, String message) {
    try {
      log.atError().setCause(defect).log(message);
    } catch (RuntimeException | Error e) {
      // Without memory even a log line may fail, which must not end the loop.
    }
  }

  /**
   * Sees to a message that came after the last. In a pause it is taken like what came before: to
   * hand it back would count as a delivery, and who pauses often would wear an assignment out.
   */
  void takeInPause(Delivery rest) {
    if (rest.lease() == null || outbox.hasRoom()) {
      take(rest);
    } else {
      giveUp(rest);
    }
  }

  /** Sees to a message that came at the worker's end: another worker gets it at once. */
  void giveBack(Delivery rest) {
    if (rest.lease() == null) {
      refuse(rest);
    } else {
      giveUp(rest);
    }
  }

  private void refuse(Delivery delivery) {
    try {
      handler.refuse(delivery);
    } catch (RuntimeException | Error e) {
      report(e, "A message could not be refused");
    }
  }
}
