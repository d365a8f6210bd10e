package io.beamline.worker.block;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import org.jspecify.annotations.Nullable;

/**
 * One kind of step. A new block is one class: declare it as a bean and assignments can name it.
 * Implementations must be thread-safe, because a pool calls one instance from several threads.
 */
public interface Block {

  /** Returns the names and the pool of this block; the same at each call. */
  BlockType type();

  /**
   * Runs one attempt on the calling thread. It must release every resource before it returns, and
   * return soon after an interrupt or the deadline of the call. The thread is interrupted when the
   * step is cancelled or cut; a block that never waits asks {@link BlockCall#isCancelled} now and
   * then.
   *
   * @return the outputs of the step
   * @throws StepFailure for every failure that the block recognizes
   * @throws InterruptedException when the thread was interrupted
   */
  Outputs run(BlockCall call) throws StepFailure, InterruptedException;

  /**
   * Returns whether an attempt may change something outside of the worker. If a step of such a
   * block is cancelled after an attempt has started, its result says that the effect is unknown.
   */
  default boolean hasEffects() {
    return true;
  }

  /**
   * Returns whom or what a call works on, such as {@code https://api.example.org:443}: all calls
   * with the same destination share its circuit breaker and its limits (W3-5). It has nothing else
   * of the payload. Null if the block has no such thing, or the payload does not tell.
   */
  default @Nullable String destination(BlockCall call) {
    return null;
  }

  /** Returns the input that a name means: another one if the name is an alias of it. */
  default String inputName(String nameOrAlias) {
    return nameOrAlias;
  }

  /** Returns where an input goes: how ids are escaped that a configured type puts there. */
  default InputPlace place(String input) {
    return InputPlace.PLAIN;
  }

  /**
   * Returns how many attempts at a destination may run at once, because the block has no more for
   * them; 0 for no limit. Thread-safe, and returns at once.
   */
  default int capacity(String destination) {
    return 0;
  }

  /**
   * Returns how many attempts at a destination still hang although their steps have ended. They
   * count towards {@link #capacity}. Thread-safe, and returns at once.
   */
  default int hanging(String destination) {
    return 0;
  }

  /** Returns the code of a step whose destination is not tried, because it failed before. */
  default ErrorCode unavailable() {
    return ErrorCode.RESOURCE_UNAVAILABLE;
  }
}
