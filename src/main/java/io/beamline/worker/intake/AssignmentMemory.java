package io.beamline.worker.intake;

import io.beamline.worker.config.HeapShare;
import io.beamline.worker.observability.logging.LogThrottle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
  private static final long EIGHT_COMMAS = ',' * EACH_BYTE;
  private static final long EIGHT_COLONS = ':' * EACH_BYTE;
  private static final long LOW_BITS = 0x7F * EACH_BYTE;

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
    return OBJECTS_BYTES + body.length + values(body) * VALUE_BYTES;
  }

  /** Counts the commas and colons, eight bytes at a time: every delivery comes here. */
  private static long values(byte[] body) {
    long values = 0;
    int at = 0;
    for (; at <= body.length - Long.BYTES; at += Long.BYTES) {
      long eight = (long) EIGHT_BYTES.get(body, at);
      values += zeroBytes(eight ^ EIGHT_COMMAS) + zeroBytes(eight ^ EIGHT_COLONS);
    }
    for (; at < body.length; at++) {
      if (body[at] == ',' || body[at] == ':') {
        values++;
      }
    }
    return values;
  }

  /** The sum sets the high bit of each byte whose low seven bits are not all zero. */
  private static int zeroBytes(long eight) {
    return Long.bitCount(~(((eight & LOW_BITS) + LOW_BITS) | eight | LOW_BITS));
  }
}
