package io.beamline.worker.feature;

import io.beamline.worker.feature.FlagStore.StoredFlag;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes the states of a store on to several listeners. Thread-safe. */
public final class FlagStoreListeners implements FlagStoreListener {

  private final List<FlagStoreListener> listeners = new CopyOnWriteArrayList<>();

  /** Adds one more. */
  public void add(FlagStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void loaded(Map<String, StoredFlag> all) {
    listeners.forEach(each -> each.loaded(all));
  }

  @Override
  public void changed(String key, StoredFlag stored) {
    listeners.forEach(each -> each.changed(key, stored));
  }
}
