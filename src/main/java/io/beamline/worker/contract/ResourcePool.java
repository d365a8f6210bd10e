package io.beamline.worker.contract;

import java.util.Locale;

/** The pools in which steps run (contract section 4). */
public enum ResourcePool {
  /** The pool of blocks that wait for sockets or files. */
  IO,
  /** The pool of blocks that compute. */
  CPU;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Returns the name in settings, metrics and messages: {@code io} or {@code cpu}. */
  public String wireName() {
    return wireName;
  }
}
