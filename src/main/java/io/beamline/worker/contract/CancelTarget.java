package io.beamline.worker.contract;

import java.util.Locale;

/**
 * What a cancellation is for: the assignments of one tenant with one id (contract section 2,
 * CancelRequest). Immutable.
 *
 * @param tenantId the tenant
 * @param kind which of their ids it is
 * @param id the id
 */
public record CancelTarget(String tenantId, IdKind kind, String id) {

  /** The ids by which assignments can be cancelled. */
  public enum IdKind {
    /** One assignment. */
    ASSIGNMENT_ID,
    /** All assignments of a run. */
    RUN_ID,
    /** All assignments of a flow. */
    FLOW_ID;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** Returns the name of the field. */
    public String wireName() {
      return wireName;
    }
  }
}
