package io.beamline.worker.block;

import io.beamline.worker.contract.Outputs;

/**
 * One kind of step. A new block is one class: declare it as a bean and assignments can name it.
 * Implementations must be thread-safe, because a pool calls one instance from several threads.
 */
public interface Block {

  /** Returns the names and the pool of this block; the same at each call. */
  BlockType type();

  /**
   * Runs one attempt on the calling thread. It must release every resource before it returns, and
   * return soon after an interrupt or the deadline of the call.
   *
   * @return the outputs of the step
   * @throws StepFailure for every failure that the block recognizes
   * @throws InterruptedException when the thread was interrupted
   */
  Outputs run(BlockCall call) throws StepFailure, InterruptedException;
}
