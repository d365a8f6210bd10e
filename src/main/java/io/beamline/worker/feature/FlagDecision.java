package io.beamline.worker.feature;

import java.util.Set;

/** Decides for which assignments a flag is on. Made once per state of a flag. Immutable. */
sealed interface FlagDecision {

  /** The flag is off for all assignments. */
  FlagDecision NEVER = new Whole(false);

  /** The flag is on for all assignments. */
  FlagDecision ALWAYS = new Whole(true);

  /**
   * Returns whether the flag is on for an assignment.
   *
   * @param position the position of the deciding id, from {@link ShareHash#position}
   * @param tenantId the tenant of the assignment
   */
  boolean applies(long position, String tenantId);

  /**
   * The same for all assignments.
   *
   * @param on whether the flag is on
   */
  record Whole(boolean on) implements FlagDecision {

    @Override
    public boolean applies(long position, String tenantId) {
      return on;
    }
  }

  /**
   * On for a share of the ids.
   *
   * @param end the flag is on for positions below this one, 0 to {@link ShareHash#SCALE}
   */
  record Share(long end) implements FlagDecision {

    /** Returns the share for a percentage from 0 to 100. */
    static Share ofPercent(double percent) {
      return new Share(Math.round(percent / 100 * ShareHash.SCALE));
    }

    @Override
    public boolean applies(long position, String tenantId) {
      return position < end;
    }
  }

  /**
   * On for the assignments of some tenants.
   *
   * @param ids the ids of these tenants
   */
  record Tenants(Set<String> ids) implements FlagDecision {

    @Override
    public boolean applies(long position, String tenantId) {
      return ids.contains(tenantId);
    }
  }
}
