package io.beamline.worker.feature;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the states that operators choose for flags, as JSON text by flag name. If a flag is changed
 * twice, the change with the higher revision wins, even if different workers made them.
 * Thread-safe: any thread may change a flag.
 */
public interface FlagStore {

  /** Sets the only listener. Call it once, before the worker starts. */
  void setListener(FlagStoreListener listener);

  /**
   * Stores a flag's state. When this returns, the listener has received this state or a later one.
   *
   * @throws FlagStoreException when the state is not stored, or it is unknown whether it is; the
   *     listener has not received it
   */
  void put(String flag, String text) throws FlagStoreException;

  /**
   * Deletes a flag's state, so that its configured state applies. When this returns, the listener
   * has received the deletion or a later state.
   *
   * @throws FlagStoreException when the state is not deleted, or it is unknown whether it is
   */
  void delete(String flag) throws FlagStoreException;

  /** Returns where the states are kept, for an operator; a part of a sentence. */
  String source();

  /** Returns why no state can be stored now, for an operator; empty when states can be stored. */
  String failure();

  /**
   * The stored state of a flag.
   *
   * @param text the state; null when it was deleted
   * @param revision the number of the change; a later change has a higher one
   */
  record StoredFlag(@Nullable String text, long revision) {}
}
