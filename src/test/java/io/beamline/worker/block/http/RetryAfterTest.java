package io.beamline.worker.block.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

  /** Sun, 06 Nov 1994 08:49:37 GMT. */
  private static final long NOW = 784_111_777_000L;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|PT0S",
        "120|PT2M",
        " 5 |PT5S",
        "99999999999999999999|PT24H",
        "100000|PT24H",
        "Sun, 06 Nov 1994 08:50:37 GMT|PT1M",
        "Sun, 06 Nov 1994 08:48:37 GMT|PT0S",
        "Sat, 06 Nov 2094 08:48:37 GMT|PT24H",
      })
  void readsSecondsAndDates(String value, Duration pause) {
    assertThat(RetryAfter.parse(value, NOW)).isEqualTo(pause);
  }

  @ParameterizedTest
  @CsvSource({"-5", "1.5", "soon", "''", "'  '", "Sun 06 Nov", "٣"})
  void readsNothingElse(String value) {
    assertThat(RetryAfter.parse(value, NOW)).isNull();
  }

  @Test
  void anAbsentHeaderIsNoPause() {
    @Nullable String none = null;
    assertThat(RetryAfter.parse(none, NOW)).isNull();
  }
}
