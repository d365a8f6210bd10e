package io.beamline.worker.feature;

import io.beamline.worker.feature.FlagStore.StoredFlag;
import java.util.Map;

/**
 * Receives the stored states of the flags from a {@link FlagStore}. Several threads call it, one at
 * a time; the store's lock orders the calls.
 */
public interface FlagStoreListener {

  /** Ignores all states. */
  FlagStoreListener NONE =
      new FlagStoreListener() {
        @Override
        public void loaded(Map<String, StoredFlag> all) {}

        @Override
        public void changed(String flag, StoredFlag stored) {}
      };

  /**
   * Called when the whole store has been read.
   *
   * @param all the stored states by flag name; a flag that is not among them has no stored state
   */
  void loaded(Map<String, StoredFlag> all);

  /**
   * Called when the stored state of one flag was changed or deleted.
   *
   * @param flag the flag's name, perhaps one that this worker does not know
   */
  void changed(String flag, StoredFlag stored);
}
