package io.beamline.worker.contract.json;

import static io.beamline.worker.contract.json.Sample.valid;
import static io.beamline.worker.contract.json.Sample.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.beamline.worker.contract.ExecAssignment;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options are clamped or defaulted, never refused (contract section 2). */
class OptionRangeTest {

  @ParameterizedTest
  @CsvSource({
    "PRIORITY, 0, 0",
    "PRIORITY, 100, 100",
    "PRIORITY, -0, 0",
    "PRIORITY, 0e999999999999, 0",
    "PRIORITY, 5e1, 50",
    "PRIORITY, 50.000, 50",
    "PRIORITY, 500e-1, 50",
    "DEADLINE_MS, 1, 1",
    "DEADLINE_MS, 3600000, 3600000",
    "DEADLINE_MS, 36e5, 3600000",
    "MAX_ATTEMPTS, 1, 1",
    "MAX_ATTEMPTS, 20, 20",
    "BACKOFF_MS, 1, 1",
    "BACKOFF_MS, 60000, 60000"
  })
  void keepsWhatIsInItsRange(OptionRange option, String number, int expected) {
    assertThat(read(option, number)).isEqualTo(expected);
    assertThat(adjustments(option, number)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PRIORITY, -1, 0",
    "PRIORITY, 101, 100",
    "DEADLINE_MS, 3600001, 3600000",
    "DEADLINE_MS, 1e999999999999, 3600000",
    "DEADLINE_MS, 1e400, 3600000",
    "DEADLINE_MS, 9223372036854775808, 3600000",
    "DEADLINE_MS, 4294967296, 3600000",
    "MAX_ATTEMPTS, 0, 1",
    "MAX_ATTEMPTS, 21, 20",
    "BACKOFF_MS, 0, 1",
    "BACKOFF_MS, 60001, 60000"
  })
  void clampsWhatIsOutOfItsRange(OptionRange option, String number, int expected) {
    assertThat(adjustments(option, number))
        .containsExactly(option.fieldName() + " is out of range and was clamped to " + expected);
    assertThat(read(option, number)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-5",
        "-1",
        "-0",
        "-0.5",
        "0.5",
        "0.0",
        "-1e999999999999",
        "1e-999999999999",
        "-2147483649"
      })
  void defaultsADeadlineBelowOne(String number) {
    assertThat(read(OptionRange.DEADLINE_MS, number)).isEqualTo(ExecAssignment.ABSENT);
    assertThat(adjustments(OptionRange.DEADLINE_MS, number))
        .containsExactly("options.deadline_ms is below 1 and was ignored");
  }

  @ParameterizedTest
  @CsvSource({"PRIORITY, 99.9, 99", "DEADLINE_MS, 5000.5, 5000", "MAX_ATTEMPTS, 25e-1, 2"})
  void cutsWhatIsNotWhole(OptionRange option, String number, int expected) {
    assertThat(read(option, number)).isEqualTo(expected);
    assertThat(adjustments(option, number))
        .containsExactly(option.fieldName() + " is no whole number and was cut to " + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"\"5\"", "\"\"", "true", "[5]", "{\"a\":5}", "\"Infinity\""})
  void defaultsWhatIsNoNumber(String value) {
    for (OptionRange option : OptionRange.values()) {
      assertThat(read(option, value)).isEqualTo(option.defaultValue());
      assertThat(adjustments(option, value))
          .containsExactly(option.fieldName() + " has a wrong type and was ignored");
    }
  }

  @ParameterizedTest
  @EnumSource
  void defaultsWhatIsNullOrAbsent(OptionRange option) {
    assertThat(read(option, "null")).isEqualTo(option.defaultValue());
    assertThat(adjustments(option, "null")).isEmpty();
    assertThat(read(option, null)).isEqualTo(option.defaultValue());
  }

  @ParameterizedTest
  @CsvSource({"options, 5", "options, '[]'", "options.retry, '\"x\"'", "options.retry, true"})
  void defaultsOptionsThatAreNoObject(String path, String value) {
    Decoded.Valid valid = valid(with(path, value));
    assertThat(valid.assignment().options()).isEqualTo(new ExecAssignment.Options(50, 0, 0, 0));
    assertThat(valid.adjustments()).containsExactly(path + " has a wrong type and was ignored");
  }

  @Test
  void readsLongNumbersByTheirValue() {
    String zeros = "0".repeat(10_000);
    assertThat(read(OptionRange.DEADLINE_MS, "5000." + zeros)).isEqualTo(5000);
    assertThat(read(OptionRange.DEADLINE_MS, "0." + zeros + "5")).isEqualTo(ExecAssignment.ABSENT);
    assertThat(read(OptionRange.DEADLINE_MS, "5" + zeros)).isEqualTo(3_600_000);
    assertThat(read(OptionRange.DEADLINE_MS, "-5" + zeros)).isEqualTo(ExecAssignment.ABSENT);
    assertThat(read(OptionRange.DEADLINE_MS, "5" + zeros + "e-9997")).isEqualTo(5000);
  }

  @Test
  void readsTheLongestNumberAtOnce() {
    String digits = "9".repeat(Json.MAX_MESSAGE_BYTES - 1000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThat(read(OptionRange.PRIORITY, digits)).isEqualTo(100));
  }

  private static int read(OptionRange option, @Nullable String value) {
    ExecAssignment.Options options = decode(option, value).assignment().options();
    return switch (option) {
      case PRIORITY -> options.priority();
      case DEADLINE_MS -> options.deadlineMs();
      case MAX_ATTEMPTS -> options.maxAttempts();
      case BACKOFF_MS -> options.backoffMs();
    };
  }

  private static List<String> adjustments(OptionRange option, @Nullable String value) {
    return decode(option, value).adjustments();
  }

  private static Decoded.Valid decode(OptionRange option, @Nullable String value) {
    return valid(with(option.fieldName(), value));
  }
}
