package io.beamline.worker.feature;

import org.jspecify.annotations.Nullable;

/**
 * Passes each change on to the listeners and keeps nothing else. Each worker has states of its own,
 * until it restarts. Thread-safe: a lock orders the changes.
 */
final class MemoryFlagStore implements FlagStore {

  private final FlagStoreListeners listeners = new FlagStoreListeners();
  private long revision;

  @Override
  public void addListener(FlagStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void put(String key, String text) {
    change(key, text);
  }

  @Override
  public void delete(String key) {
    change(key, null);
  }

  @Override
  public String source() {
    return "this worker, until it restarts";
  }

  @Override
  public String failure() {
    return "";
  }

  private synchronized void change(String key, @Nullable String text) {
    revision++;
    listeners.changed(key, new StoredFlag(text, revision));
  }
}
