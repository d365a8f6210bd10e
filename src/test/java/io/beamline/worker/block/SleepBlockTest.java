package io.beamline.worker.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.support.Calls;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SleepBlockTest {

  private final FakeTime time = new FakeTime();
  private final SleepBlock block = new SleepBlock(time);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{}|100", "{\"ms\":0}|0", "{\"ms\":250}|250", "{\"ms\":600000}|600000"})
  void sleepsForTheGivenTime(String payload, long ms) throws Exception {
    assertThat(block.run(call(payload, Deadline.never())))
        .isEqualTo(Outputs.of(Map.of("slept_ms", ms)));
    assertThat(time.now).isEqualTo(Duration.ofMillis(ms).toNanos());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"ms\":-1}", "{\"ms\":600001}", "{\"ms\":\"5\"}", "{\"ms\":1.5}"})
  void rejectsInvalidTimes(String payload) {
    StepFailure failure =
        catchThrowableOfType(StepFailure.class, () -> block.run(call(payload, Deadline.never())));

    assertThat(failure.error().code()).isEqualTo(ErrorCode.INVALID_INPUT);
  }

  @Test
  void endsAsATimeoutAtTheDeadline() {
    Deadline deadline = Deadline.after(0, Duration.ofMillis(50));

    StepFailure failure =
        catchThrowableOfType(StepFailure.class, () -> block.run(call("{\"ms\":51}", deadline)));

    assertThat(failure.error().code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
    assertThat(failure.error().status()).isEqualTo(StepStatus.TIMEOUT);
    assertThat(failure.error().retryable()).isFalse();
    assertThat(time.now).isEqualTo(Duration.ofMillis(50).toNanos());
  }

  @Test
  void succeedsWhenItEndsRightAtTheDeadline() throws Exception {
    Deadline deadline = Deadline.after(0, Duration.ofMillis(50));

    assertThat(block.run(call("{\"ms\":50}", deadline)))
        .isEqualTo(Outputs.of(Map.of("slept_ms", 50L)));
  }

  @Test
  @Timeout(10)
  void endsWhenItsThreadIsInterrupted() {
    SleepBlock real = new SleepBlock(TimeSource.system());

    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> real.run(call("{\"ms\":600000}", Deadline.never())));
  }

  private static BlockCall call(String payload, Deadline deadline) {
    return Calls.of(
        "a1", new RawJson(payload), OperationTimeouts.cp1(Duration.ofSeconds(1)), deadline, false);
  }

  private static final class FakeTime implements TimeSource {
    private long now;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public long epochMillis() {
      return 0;
    }

    @Override
    public void sleep(Duration time) {
      now += time.toNanos();
    }
  }
}
