package io.beamline.worker.contract;

import java.util.Locale;

/** The pools that steps run in (contract section 4). */
public enum ResourcePool {
  /** For blocks that wait on sockets or files. */
  IO,
  /** For blocks that compute. */
  CPU;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name in settings, metrics and messages: {@code io} or {@code cpu}. */
  public String wireName() {
    return wireName;
  }
}
