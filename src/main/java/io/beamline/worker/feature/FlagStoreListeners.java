package io.beamline.worker.feature;

import io.beamline.worker.feature.FlagStore.StoredFlag;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the states of a store on to several listeners; one that fails does not keep them from the
 * others. Thread-safe.
 */
public final class FlagStoreListeners implements FlagStoreListener {

  private static final Logger log = LoggerFactory.getLogger(FlagStoreListeners.class);

  private final List<FlagStoreListener> listeners = new CopyOnWriteArrayList<>();

  /** Adds one more. */
  public void add(FlagStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void loaded(Map<String, StoredFlag> all) {
    listeners.forEach(each -> guarded(() -> each.loaded(all)));
  }

  @Override
  public void changed(String key, StoredFlag stored) {
    listeners.forEach(each -> guarded(() -> each.changed(key, stored)));
  }

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("A stored state could not be applied");
    }
  }
}
