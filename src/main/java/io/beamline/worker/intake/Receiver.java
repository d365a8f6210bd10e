package io.beamline.worker.intake;

import io.beamline.worker.result.Answers;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes, hands back or rejects one message that was delivered. Never throws, because the thread of
 * the intake must go on. Used by one thread.
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

  /** Takes a message; hands it back if that fails. */
  void take(Delivery delivery) {
    try {
      handler.handle(delivery);
    } catch (RuntimeException | Error e) {
      // Ends the lease unless somebody has already. Before the log line, which needs memory.
      handBack(delivery);
      report(e, "A message could not be taken");
    }
  }

  private void handBack(Delivery delivery) {
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
      // For lack of memory even a log line may fail, which must not end the loop.
    }
  }

  /**
   * Handles a message that arrives after a pause began. It is taken, because handing it back would
   * sooner make it a suspect, which has to wait. It is handed back only if there is no memory for
   * its answer.
   */
  void handleInPause(Delivery delivery) {
    if (delivery.lease() == null || outbox.hasRoom()) {
      take(delivery);
    } else {
      handBack(delivery);
    }
  }

  /**
   * Handles a message that arrives during the drain. It is handed back; in core delivery, where
   * that is impossible, it is rejected.
   */
  void handleInDrain(Delivery delivery) {
    if (delivery.lease() == null) {
      rejectInDrain(delivery);
    } else {
      handBack(delivery);
    }
  }

  private void rejectInDrain(Delivery delivery) {
    try {
      handler.rejectInDrain(delivery);
    } catch (RuntimeException | Error e) {
      report(e, "A message could not be rejected");
    }
  }
}
