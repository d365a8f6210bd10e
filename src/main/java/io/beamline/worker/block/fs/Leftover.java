package io.beamline.worker.block.fs;

import java.time.Duration;

/**
 * Decides whether a temporary file is the leftover of a killed worker. Stateless.
 *
 * <p>A writer locks its temporary file, and the kernel releases the lock when the writer dies. So a
 * held lock means a living writer, even in another container or on another machine.
 *
 * <p>Some network volumes apply locks on one machine only. So a file that can be locked is removed
 * at once only if this worker made it; files of other workers must be old. Without any locks only
 * the age counts. A held lock on this worker's own file is checked again later: an earlier process
 * that was killed while the file system hung dies only when the file system responds.
 */
final class Leftover {

  /** The minimum age of another worker's file. */
  static final Duration OTHERS_AGE = Duration.ofMinutes(10);

  /** The minimum age of a file if the file system has no locks. */
  static final Duration UNLOCKABLE_AGE = Duration.ofDays(1);

  private Leftover() {}

  /** The result of an attempt to lock a temporary file. */
  enum LockResult {
    /** Another process, or this one, holds it. */
    HELD,
    /** This process holds it now. */
    ACQUIRED,
    /** The file system has no locks. */
    UNSUPPORTED
  }

  /** How to treat a temporary file. */
  enum CleanupDecision {
    /** A living worker may be writing it. */
    KEEP,
    /** It is probably a leftover, but too young to be sure. */
    CHECK_LATER,
    /** It is a leftover. */
    REMOVE
  }

  /**
   * Decides how to treat a temporary file.
   *
   * @param age the time since the file was last written
   * @param workerId the id of this worker
   */
  static CleanupDecision decide(TempName name, LockResult lock, Duration age, String workerId) {
    if (name.isOfThisProcess()) {
      return CleanupDecision.KEEP;
    }
    if (lock == LockResult.HELD) {
      return name.isOf(workerId) ? CleanupDecision.CHECK_LATER : CleanupDecision.KEEP;
    }
    return age.compareTo(minimumAge(name, lock, workerId)) < 0
        ? CleanupDecision.CHECK_LATER
        : CleanupDecision.REMOVE;
  }

  private static Duration minimumAge(TempName name, LockResult lock, String workerId) {
    if (lock == LockResult.UNSUPPORTED) {
      return UNLOCKABLE_AGE;
    }
    // A clock that runs ahead gives a negative age, which must not keep a file of this worker.
    return name.isOf(workerId) ? Duration.ofMillis(Long.MIN_VALUE) : OTHERS_AGE;
  }
}
