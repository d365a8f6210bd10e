package io.beamline.worker.intake;

import io.beamline.worker.result.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the memory for unpublished answers allows more assignments. Once it is full, the
 * intake stops until a quarter of it is free. So it seldom stops: each stop hands back the messages
 * that were pulled, which is counted by the server as a delivery of each. Used by one thread.
 */
final class AnswerRoom {

  private static final Logger log = LoggerFactory.getLogger(AnswerRoom.class);

  private final Outbox outbox;
  private boolean usedUp;

  AnswerRoom(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Returns whether the intake must take no assignments now. Logs each change. */
  boolean isUsedUp() {
    boolean now = usedUp ? !outbox.hasAmpleRoom() : !outbox.hasRoom();
    if (now != usedUp) {
      usedUp = now;
      logChange(now);
    }
    return now;
  }

  private static void logChange(boolean nowUsedUp) {
    if (nowUsedUp) {
      log.warn("The memory for unpublished answers is full: no more assignments are taken");
    } else {
      log.info("There is memory for answers again: assignments are taken");
    }
  }
}
