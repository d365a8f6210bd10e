package io.beamline.worker.feature;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the states of the flags that operators chose, as text by the flag's name. Of two changes of
 * one flag the later revision wins, wherever both were made. Thread-safe.
 */
public interface FlagStore {

  /** Tells a listener of all that comes; to be called once, before the worker starts. */
  void follow(Listener listener);

  /**
   * Stores a flag's state. When this returns, the listener has been told of it, or of a later one.
   *
   * @throws FlagStoreException when it is not stored, or not known to be; nothing was told then
   */
  void put(String flag, String text) throws FlagStoreException;

  /**
   * Forgets a flag's state; otherwise as {@link #put}.
   *
   * @throws FlagStoreException when it is not done, or not known to be
   */
  void delete(String flag) throws FlagStoreException;

  /** Where a state that comes from here is kept, and until when, as half a sentence. */
  String place();

  /** Why no change can be stored now, as a sentence; empty when one can. */
  String trouble();

  /** Told of what is stored. Calls come one at a time. */
  interface Listener {

    /** All that is stored: what is not among it is not. */
    void loaded(Map<String, Stored> all);

    /** One flag's state is another, or is stored no longer. */
    void changed(String flag, Stored stored);
  }

  /**
   * What is stored for a flag.
   *
   * @param text its state; null when it was forgotten
   * @param revision grows with each change
   */
  record Stored(@Nullable String text, long revision) {}
}
