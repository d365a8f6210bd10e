package io.beamline.worker.config;

import org.jspecify.annotations.Nullable;

/**
 * A setting that is given and that nothing reads.
 *
 * @param name its name as it was given
 * @param nearest the setting that may be meant; null if none is near
 */
public record UnknownSetting(String name, @Nullable String nearest) {

  /** Returns one sentence for an operator. */
  public String sentence() {
    return "nothing reads " + name + (nearest == null ? "" : ": did you mean " + nearest + "?");
  }
}
