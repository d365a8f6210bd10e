package io.beamline.worker.intake;

import io.beamline.worker.result.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is memory for the answers to more assignments. Once there is none, there is none
 * until a quarter of it is free again: to stop and to begin costs each message that was pulled a
 * delivery. Used by one thread.
 */
final class AnswerRoom {

  private static final Logger log = LoggerFactory.getLogger(AnswerRoom.class);

  private final Outbox outbox;
  private boolean isShort;

  AnswerRoom(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Whether no assignments are to be taken now. */
  boolean isShort() {
    boolean now = isShort ? !outbox.hasAmpleRoom() : !outbox.hasRoom();
    if (now != isShort) {
      isShort = now;
      tell(now);
    }
    return now;
  }

  private static void tell(boolean rests) {
    if (rests) {
      log.warn("The memory for unpublished answers is full: no more assignments are taken");
    } else {
      log.info("There is memory for answers again: assignments are taken");
    }
  }
}
