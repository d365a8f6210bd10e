package io.beamline.worker.feature;

import org.jspecify.annotations.Nullable;

/** Keeps nothing beyond what it tells: each worker has its own states, until it restarts. */
final class MemoryFlagStore implements FlagStore {

  private @Nullable Listener listener;
  private long revision;

  @Override
  public synchronized void follow(Listener told) {
    listener = told;
  }

  @Override
  public void put(String flag, String text) {
    tell(flag, text);
  }

  @Override
  public void delete(String flag) {
    tell(flag, null);
  }

  @Override
  public String place() {
    return "this worker, until it restarts";
  }

  @Override
  public String trouble() {
    return "";
  }

  private synchronized void tell(String flag, @Nullable String text) {
    revision++;
    if (listener != null) {
      listener.changed(flag, new Stored(text, revision));
    }
  }
}
