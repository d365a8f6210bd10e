package io.beamline.worker.feature;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what operators choose while the worker runs, as JSON text by key: the states of flags by
 * flag name, and other states under keys with a dash. If a key is changed twice, the change with
 * the higher revision wins, even if different workers made them. Thread-safe: any thread may change
 * a key.
 */
public interface FlagStore {

  /** Adds a listener, which ignores the keys of others. Call it before the worker starts. */
  void addListener(FlagStoreListener listener);

  /**
   * Stores a state. When this returns, the listeners have received this state or a later one.
   *
   * @throws FlagStoreException when the state is not stored, or it is unknown whether it is; the
   *     listeners have not received it
   */
  void put(String key, String text) throws FlagStoreException;

  /**
   * Deletes a state, so that the configured one applies. When this returns, the listeners have
   * received the deletion or a later state.
   *
   * @throws FlagStoreException when the state is not deleted, or it is unknown whether it is
   */
  void delete(String key) throws FlagStoreException;

  /** Returns where the states are kept, for an operator; a part of a sentence. */
  String source();

  /** Returns why no state can be stored now, for an operator; empty when states can be stored. */
  String failure();

  /**
   * A stored state.
   *
   * @param text the state; null when it was deleted
   * @param revision the number of the change; a later change has a higher one
   */
  record StoredFlag(@Nullable String text, long revision) {}
}
