package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.config.UnusableSettingException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DuplicateWindowTest {

  @ParameterizedTest
  @CsvSource({
    "0s, 30s, 168h, PT5M",
    "0s, 100s, 168h, PT5M",
    "0s, 101s, 168h, PT5M3S",
    "0s, 1h, 168h, PT3H",
    "0s, 1h, 1h, PT1H",
    "1m, 20s, 168h, PT1M",
    "90s, 30s, 168h, PT1M30S",
    "24h, 30s, 24h, PT24H",
    "90500ms, 30s, 168h, PT1M30.5S",
  })
  void followsTheLeaseUnlessItIsSet(
      String window, String ackWait, String maxAge, Duration expected) {
    assertThat(window(window, ackWait, maxAge)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "59s|1s|168h|is '59s', but must be 0s, or at least 60s: the longer of 1m and three times"
            + " worker.nats.ack-wait.",
        "89999ms|30s|168h|is '89999ms', but must be 0s, or at least 90s: the longer",
        "1ms|1h|168h|is '1ms', but must be 0s, or at least 10800s: the longer",
        "2h|30s|1h|is '7200s', but must be at most 3600s, which is worker.nats.max-age.",
      })
  void refusesWhatDoesNotFitTheOtherSettings(
      String window, String ackWait, String maxAge, String sentence) {
    assertThatThrownBy(() -> window(window, ackWait, maxAge))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessageStartingWith("worker.nats.duplicate-window " + sentence);
  }

  private static Duration window(String window, String ackWait, String maxAge) {
    return DuplicateWindow.of(
        ConnectionFixture.settings(
            "worker.nats.duplicate-window=" + window,
            "worker.nats.ack-wait=" + ackWait,
            "worker.nats.max-age=" + maxAge));
  }
}
