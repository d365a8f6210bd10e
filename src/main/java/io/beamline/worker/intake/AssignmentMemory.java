package io.beamline.worker.intake;

import io.beamline.worker.config.HeapShare;
import io.beamline.worker.contract.ByteScan;
import io.beamline.worker.observability.logging.LogThrottle;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the memory that all assignments take together. While those whose leases are held take the
 * limit or more, the intake requests no more. What it requested before still arrives, at most a few
 * pulls. So each single assignment is taken, however large. Safe for several threads.
 *
 * <p>An assignment counts from its delivery until its lease ends, whatever becomes of it.
 */
final class AssignmentMemory {

  /** What the objects of a small assignment and its step take beside its text. */
  private static final long OBJECTS_BYTES = 1_500;

  /** What a value in a list or an object takes beside its text: a reference and an object. */
  private static final long VALUE_BYTES = 40;

  private static final Logger log = LoggerFactory.getLogger(AssignmentMemory.class);

  private final LongSupplier heldBytes;
  private final long limitBytes;
  private final LogThrottle throttle;

  /**
   * Creates the limit.
   *
   * @param heldBytes the estimated memory of the assignments held now
   * @param limitBytes more assignments are requested only while those held take fewer bytes
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

  /** Returns whether more assignments may be requested. If not, logs that, but not too often. */
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
    return OBJECTS_BYTES + body.length + ByteScan.count(body, ',', ':') * VALUE_BYTES;
  }
}
