package io.beamline.worker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AssignmentIdentityTest {

  private static final AssignmentIdentity KNOWN =
      new AssignmentIdentity(
          "a-1", "r-1", "tenant-a", "p", "echo", new Correlation("trace", null, "flow", null));

  @Test
  void prefersThePayloadOverTheHeaders() {
    assertThat(KNOWN.withHeaderIds("other", "other")).isEqualTo(KNOWN);
    assertThat(KNOWN.withHeaderIds(null, null)).isEqualTo(KNOWN);
  }

  @Test
  void takesWhatThePayloadLacksFromTheHeaders() {
    assertThat(AssignmentIdentity.UNKNOWN.withHeaderIds("tenant-a", "trace"))
        .isEqualTo(
            new AssignmentIdentity(
                null, null, "tenant-a", null, null, new Correlation("trace", null, null, null)));
    assertThat(AssignmentIdentity.UNKNOWN.withHeaderIds(null, null))
        .isEqualTo(AssignmentIdentity.UNKNOWN);
  }

  @Test
  void takesNoTenantThatBreaksItsRule() {
    assertThat(AssignmentIdentity.UNKNOWN.withHeaderIds("", null).tenantId()).isNull();
    assertThat(AssignmentIdentity.UNKNOWN.withHeaderIds("x".repeat(257), null).tenantId()).isNull();
  }
}
