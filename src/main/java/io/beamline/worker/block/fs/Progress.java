package io.beamline.worker.block.fs;

/**
 * How a file operation learns that its caller gave up. Called by the operation's thread only.
 *
 * <p>An operation either claims its result before it makes the result visible, and then the caller
 * waits for the little that is left; or the caller has given up first, and the operation undoes
 * what it did. One compare-and-set decides, so a write reported as timed out is never made visible
 * by a thread that comes back late.
 */
interface Progress {

  /**
   * Called between chunks.
   *
   * @throws AbandonedException when the caller gave up
   */
  void checkpoint() throws AbandonedException;

  /**
   * Called once, right before the result becomes visible.
   *
   * @throws AbandonedException when the caller gave up before
   */
  void claim() throws AbandonedException;
}
