package io.beamline.worker.feature;

import org.jspecify.annotations.Nullable;

/**
 * Passes each change on to the listener and keeps nothing else. Each worker has states of its own,
 * until it restarts. Thread-safe: a lock orders the changes.
 */
final class MemoryFlagStore implements FlagStore {

  private FlagStoreListener listener = FlagStoreListener.NONE;
  private long revision;

  @Override
  public synchronized void setListener(FlagStoreListener listener) {
    this.listener = listener;
  }

  @Override
  public void put(String flag, String text) {
    change(flag, text);
  }

  @Override
  public void delete(String flag) {
    change(flag, null);
  }

  @Override
  public String source() {
    return "this worker, until it restarts";
  }

  @Override
  public String failure() {
    return "";
  }

  private synchronized void change(String flag, @Nullable String text) {
    revision++;
    listener.changed(flag, new StoredFlag(text, revision));
  }
}
