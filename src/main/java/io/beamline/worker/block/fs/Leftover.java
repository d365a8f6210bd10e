package io.beamline.worker.block.fs;

import java.time.Duration;

/**
 * Whether a temporary file is the leftover of a killed worker. Pure.
 *
 * <p>A writer locks its temporary file, and the kernel drops the lock when the writer dies, so a
 * lock that is held means a living writer, be it in another container or on another machine. But
 * some network volumes keep locks to one machine, so a file that can be locked is only taken from
 * this worker itself at once; from others when it was not written for a while. Where there are no
 * locks at all only the age tells. A lock that is held on a file of this worker's is looked at
 * again: an earlier life that was killed while the file system hung dies only when it wakes.
 */
final class Leftover {

  /** How long a file of another worker must lie untouched. */
  static final Duration OTHERS_AGE = Duration.ofMinutes(10);

  /** The same where there are no locks. */
  static final Duration UNLOCKABLE_AGE = Duration.ofDays(1);

  private Leftover() {}

  /** What came of the attempt to lock a temporary file. */
  enum Lock {
    /** Another process, or this one, holds it. */
    HELD,
    /** It is ours now. */
    TAKEN,
    /** The file system has no locks. */
    NONE
  }

  /** What to do with a temporary file. */
  enum Verdict {
    /** A living worker may be writing it. */
    KEEP,
    /** It is probably a leftover, but too young to be sure. */
    LATER,
    /** It is a leftover. */
    REMOVE
  }

  /**
   * Decides.
   *
   * @param age the time since the file was last written
   * @param workerId the id of the worker that asks
   */
  static Verdict judge(TempName name, Lock lock, Duration age, String workerId) {
    if (name.isOfThisProcess()) {
      return Verdict.KEEP;
    }
    if (lock == Lock.HELD) {
      return name.isOf(workerId) ? Verdict.LATER : Verdict.KEEP;
    }
    return age.compareTo(patience(name, lock, workerId)) < 0 ? Verdict.LATER : Verdict.REMOVE;
  }

  private static Duration patience(TempName name, Lock lock, String workerId) {
    if (lock == Lock.NONE) {
      return UNLOCKABLE_AGE;
    }
    // A clock that runs ahead gives a negative age, which must not save a file of ours.
    return name.isOf(workerId) ? Duration.ofMillis(Long.MIN_VALUE) : OTHERS_AGE;
  }
}
