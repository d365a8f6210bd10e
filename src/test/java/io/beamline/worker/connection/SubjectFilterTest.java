package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectFilterTest {

  @ParameterizedTest
  @CsvSource({
    "caf.exec.assign.v1, caf.exec.assign.v1, true",
    "caf.exec.assign.v1, caf.exec.assign.v2, false",
    "caf.exec.assign.v1, caf.exec.assign.v1.ack, false",
    "caf.exec.assign.v1.ack, caf.exec.assign.v1, false",
    "caf.exec.assign.v1, CAF.exec.assign.v1, false",
    "caf.*.assign.v1, caf.exec.assign.v1, true",
    "caf.exec.*, caf.exec.assign.v1, false",
    "caf.exec.assign.*, caf.exec.assign.v1, true",
    "*, caf, true",
    "*, caf.exec, false",
    "*.*, caf.exec, true",
    "*.*, caf, false",
    "caf.exec.assign.v*, caf.exec.assign.v1, false",
    ">, caf, true",
    ">, caf.exec.assign.v1, true",
    "caf.>, caf.exec, true",
    "caf.>, caf.exec.assign.v1.ack, true",
    "caf.>, caf, false",
    "caf.>, other.exec, false",
    "caf.*.>, caf.exec.assign, true",
    "caf.*.>, caf.exec, false",
    "caf.exec.assign.v1.>, caf.exec.assign.v1, false",
    "caf.exec.assign.v1.>, caf.exec.assign.v1.ack, true",
    "caf.exec.>x, caf.exec.assign, false",
    "cafXexec, caf.exec, false"
  })
  void matchesAsNatsDoes(String filter, String subject, boolean matches) {
    assertThat(SubjectFilter.matches(filter, subject)).isEqualTo(matches);
  }
}
