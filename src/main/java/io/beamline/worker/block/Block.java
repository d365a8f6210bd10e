package io.beamline.worker.block;

import io.beamline.worker.contract.Outputs;

/**
 * One kind of step. A new block is one class: declare it as a bean and assignments can name it.
 * Implementations are thread-safe.
 */
public interface Block {

  /** The block's names and pool; always the same. */
  BlockType type();

  /**
   * Runs one attempt on the calling thread, and lets go of every resource before it returns. It
   * must end soon after the thread is interrupted or the call's deadline has passed.
   *
   * @return the outputs of the step
   * @throws StepFailure for every failure that the block understands
   * @throws InterruptedException when the thread was interrupted
   */
  Outputs run(BlockCall call) throws StepFailure, InterruptedException;
}
