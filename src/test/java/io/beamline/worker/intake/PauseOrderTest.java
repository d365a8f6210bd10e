package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.intake.PauseOrder.Fault;
import io.beamline.worker.intake.PauseOrder.Go;
import io.beamline.worker.intake.PauseOrder.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PauseOrderTest {

  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final String PAUSED = "paused must be there";
  private static final String TIME = "until must be a time in ISO 8601";
  private static final String FUTURE = "until must be in the future: here it is " + NOW;
  private static final String TOO_LONG = "until must be within 365 days";

  static Stream<Arguments> orders() {
    Instant soon = NOW.plusMillis(1);
    Instant late = NOW.plus(PauseOrder.LONGEST);
    return Stream.of(
        Arguments.of("true", null, new Stop(null, null)),
        Arguments.of("true", soon.toString(), new Stop(soon, Duration.ofMillis(1))),
        Arguments.of("true", "2026-11-26T13:00:01+01:00", new Stop(NOW.plusSeconds(1), second())),
        Arguments.of("true", late.toString(), new Stop(late, PauseOrder.LONGEST)),
        Arguments.of("false", null, new Go()));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void understands(@Nullable String paused, @Nullable String until, PauseOrder order) {
    assertThat(PauseOrder.of(paused, until, NOW)).isEqualTo(order);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(null, null, PAUSED),
        Arguments.of("", null, PAUSED),
        Arguments.of("1", null, PAUSED),
        Arguments.of("yes", null, PAUSED),
        Arguments.of("True", null, PAUSED),
        Arguments.of(null, NOW.plusSeconds(1).toString(), PAUSED),
        Arguments.of("false", NOW.plusSeconds(1).toString(), "until goes with paused: true only"),
        Arguments.of("true", "", TIME),
        Arguments.of("true", "tomorrow", TIME),
        Arguments.of("true", "2026-11-26", TIME),
        Arguments.of("true", "2026-11-26T13:00:00", TIME),
        Arguments.of("true", "2026-02-30T13:00:00Z", TIME),
        Arguments.of("true", "+9999999999-01-01T00:00:00Z", TIME),
        Arguments.of("true", "1795415735", TIME),
        Arguments.of("true", NOW.toString(), FUTURE),
        Arguments.of("true", NOW.minusMillis(1).toString(), FUTURE),
        Arguments.of("true", Instant.MIN.toString(), FUTURE),
        Arguments.of("true", NOW.plus(PauseOrder.LONGEST).plusNanos(1).toString(), TOO_LONG),
        Arguments.of("true", Instant.MAX.toString(), TOO_LONG));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void saysWhatIsWrong(@Nullable String paused, @Nullable String until, String sentence) {
    assertThat(PauseOrder.of(paused, until, NOW))
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.sentence()).startsWith(sentence));
  }

  private static Duration second() {
    return Duration.ofSeconds(1);
  }
}
