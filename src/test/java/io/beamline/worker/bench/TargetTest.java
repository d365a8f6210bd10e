package io.beamline.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a figure is good, and when it is so bad that noise cannot be why. */
class TargetTest {

  @ParameterizedTest
  @CsvSource({
    "≥ 0.70, 0.70, true, false",
    "≥ 0.70, 0.69, false, false",
    "≥ 0.70, 0.35, false, false",
    "≥ 0.70, 0.34, false, true",
    "≤ 1.60, 1.60, true, false",
    "≤ 1.60, 1.61, false, false",
    "≤ 1.60, 3.20, false, false",
    "≤ 1.60, 3.21, false, true",
    "'', 1000000, true, false"
  })
  void judges(String text, double figure, boolean met, boolean collapsed) {
    Target target = Target.of(text);

    assertThat(target.isMet(figure)).isEqualTo(met);
    assertThat(target.isCollapsed(figure)).isEqualTo(collapsed);
    assertThat(target).hasToString(text);
  }
}
