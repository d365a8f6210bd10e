package io.beamline.worker.feature;

import io.beamline.worker.feature.FlagStore.StoredFlag;
import java.util.Map;

/**
 * Receives the stored states of flags and others from a {@link FlagStore}. Several threads call it,
 * one at a time; the store's lock orders the calls.
 */
public interface FlagStoreListener {

  /**
   * Called when the whole store has been read.
   *
   * @param all the stored states by key; what is not among them has no stored state
   */
  void loaded(Map<String, StoredFlag> all);

  /**
   * Called when one stored state was changed or deleted.
   *
   * @param key the flag's name or another key, perhaps one that this worker does not know
   */
  void changed(String key, StoredFlag stored);
}
