package io.beamline.worker.feature;

import java.util.Set;

/** For whom a flag is on; worked out once for each state, not at each read. Immutable. */
sealed interface FlagDecision {

  /** For nobody. */
  FlagDecision NEVER = new Whole(false);

  /** For everybody. */
  FlagDecision ALWAYS = new Whole(true);

  /**
   * Whether it is on.
   *
   * @param place of the id that decides, by {@link ShareHash}
   * @param tenantId whose assignment it is
   */
  boolean applies(long place, String tenantId);

  /**
   * On or off as a whole.
   *
   * @param on whether it is on
   */
  record Whole(boolean on) implements FlagDecision {

    @Override
    public boolean applies(long place, String tenantId) {
      return on;
    }
  }

  /**
   * On for a share.
   *
   * @param end the places below it are in
   */
  record Share(long end) implements FlagDecision {

    /** The share of so many percent, 0 to 100. */
    static Share ofPercent(double percent) {
      return new Share(Math.round(percent / 100 * ShareHash.SCALE));
    }

    @Override
    public boolean applies(long place, String tenantId) {
      return place < end;
    }
  }

  /**
   * On for some tenants.
   *
   * @param ids theirs
   */
  record Tenants(Set<String> ids) implements FlagDecision {

    @Override
    public boolean applies(long place, String tenantId) {
      return ids.contains(tenantId);
    }
  }
}
