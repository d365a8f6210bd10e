package io.beamline.worker.block.fs;

/**
 * Lets a file operation detect that its caller has stopped waiting. Only the operation's thread
 * calls it.
 *
 * <p>An operation claims its result right before it makes the result visible; then the caller waits
 * a little longer. If the caller has abandoned it before, the claim fails and the operation undoes
 * its changes. One compare-and-set decides, so a write that was reported as timed out never becomes
 * visible later.
 */
interface Progress {

  /**
   * Checks between two chunks whether to go on.
   *
   * @throws AbandonedException if the caller has abandoned the operation
   */
  void checkpoint() throws AbandonedException;

  /**
   * Claims the result. Called once, right before the result becomes visible.
   *
   * @throws AbandonedException if the caller has abandoned the operation before
   */
  void claim() throws AbandonedException;
}
