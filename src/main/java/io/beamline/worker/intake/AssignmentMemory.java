package io.beamline.worker.intake;

import io.beamline.worker.config.HeapShare;
import io.beamline.worker.observability.logging.LogThrottle;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the memory that assignments take in all: while those held take more than the limit, the
 * intake asks for no more. What was asked for before still arrives, at most a few pulls. So any one
 * assignment is taken, however large. Safe for several threads.
 *
 * <p>An assignment counts from its delivery until its lease ends, whatever becomes of it.
 */
final class AssignmentMemory {

  /** What the objects of a small assignment and its step take beside its text. */
  private static final long OBJECTS_BYTES = 1_500;

  /** A value in a list or an object takes this much beside its text: a reference and an object. */
  private static final long VALUE_BYTES = 40;

  private static final Logger log = LoggerFactory.getLogger(AssignmentMemory.class);

  private final LongSupplier heldBytes;
  private final long limitBytes;
  private final LogThrottle throttle;

  /**
   * Creates the limit.
   *
   * @param heldBytes the estimated memory of the assignments held now
   * @param limitBytes the most bytes with which more assignments are asked for
   */
  AssignmentMemory(LongSupplier heldBytes, long limitBytes, LogThrottle throttle) {
    this.heldBytes = heldBytes;
    this.limitBytes = limitBytes;
    this.throttle = throttle;
  }

  /** Returns the limit of this process: a quarter of the heap. */
  static AssignmentMemory ofThisProcess(LongSupplier heldBytes, LogThrottle throttle) {
    return new AssignmentMemory(heldBytes, HeapShare.ASSIGNMENTS.bytes(), throttle);
  }

  /** Returns whether more assignments may be asked for. Logs, not too often, if not. */
  boolean hasRoom() {
    long held = heldBytes.getAsLong();
    if (held < limitBytes) {
      return true;
    }
    throttle.log(
        log.atInfo().addKeyValue("held_bytes", held).addKeyValue("limit_bytes", limitBytes),
        "The memory for assignments is full; more are pulled as those held end");
    return false;
  }

  /** Returns an estimate of the memory that a message takes until its assignment ends, in bytes. */
  static long estimate(byte[] body) {
    long values = 0;
    for (byte character : body) {
      if (character == ',' || character == ':') {
        values++;
      }
    }
    return OBJECTS_BYTES + body.length + values * VALUE_BYTES;
  }
}
