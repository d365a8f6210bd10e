package io.beamline.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.util.unit.DataSize;

class SettingConstraintsTest {

  /** One component for each constraint. */
  record ConstrainedExample(
      @Min(2) @Max(4) int number,
      @DecimalMin("0.5") @DecimalMax("1.0") double share,
      @DurationMin(millis = 100) @DurationMax(minutes = 1) Duration time,
      @SizeRange(min = "1KB", max = "2KB") DataSize size,
      @Pattern(regexp = "[a-z]{1,3}", message = "letters") String letters,
      @MaxBytes(4) String bytes,
      @NotEmpty List<@NotBlank String> filled,
      @Size(max = 2) List<String> few,
      @Email String unknown,
      Set<Integer> free) {

    @AssertTrue(message = "a share above a half")
    public boolean isLarge() {
      return share > 0.5;
    }
  }

  static List<List<Object>> values() {
    return List.of(
        List.of("number", List.of(2, 4), List.of(1, 5)),
        List.of("share", List.of(0.5, 1.0), List.of(0.49, 1.01)),
        List.of(
            "time",
            List.of(Duration.ofMillis(100), Duration.ofMinutes(1)),
            List.of(Duration.ofMillis(99), Duration.ofMillis(60_001), Duration.ofSeconds(-1))),
        List.of(
            "size",
            List.of(DataSize.ofKilobytes(1), DataSize.ofKilobytes(2)),
            List.of(DataSize.ofBytes(1_023), DataSize.ofBytes(2_049))),
        List.of("letters", List.of("a", "abc"), List.of("", "abcd", "a1", "a\n")),
        List.of("bytes", List.of("", "abcd", "éé"), List.of("abcde", "éée")),
        List.of("filled", List.of(List.of("a")), List.of(List.of(), List.of("a", " "))),
        List.of("few", List.of(List.of(), List.of("", "")), List.of(List.of("", "", ""))),
        List.of("free", List.of(Set.of()), List.of()));
  }

  @ParameterizedTest
  @MethodSource("values")
  void keepsToTheConstraint(List<Object> row) {
    String component = (String) row.get(0);
    assertThat((List<?>) row.get(1)).allMatch(value -> permits(component, value));
    assertThat((List<?>) row.get(2)).noneMatch(value -> permits(component, value));
  }

  @Test
  void onlyWhatRequiresAValueRefusesNone() {
    assertThat(permits("letters", null)).isTrue();
    assertThat(permits("time", null)).isTrue();
    assertThat(permits("filled", null)).isFalse();
    assertThat(permits("filled", Arrays.asList("a", null))).isFalse();
  }

  @Test
  void refusesToOverlookAConstraint() {
    assertThatThrownBy(() -> permits("unknown", "x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Email");
  }

  @Test
  void namesBrokenRules() {
    assertThat(SettingConstraints.brokenRules(example(0.6))).isEmpty();
    assertThat(SettingConstraints.brokenRules(example(0.5)))
        .containsExactly("a share above a half");
  }

  @ParameterizedTest
  @MethodSource("records")
  void knowsTheConstraintsOfTheSettings(Class<? extends Record> type) {
    for (RecordComponent part : type.getRecordComponents()) {
      if (part.getType().isRecord()) {
        knowsTheConstraintsOfTheSettings(part.getType().asSubclass(Record.class));
      } else {
        Object sample = sample(part.getType());
        if (sample != null) {
          assertThat(SettingConstraints.permits(type, part.getName(), sample)).isIn(true, false);
        }
      }
    }
  }

  @Test
  void allRecordsAreBound() {
    assertThat(SettingsConfiguration.class.getAnnotation(EnableConfigurationProperties.class))
        .extracting(EnableConfigurationProperties::value)
        .satisfies(bound -> assertThat(List.of(bound)).hasSameElementsAs(SettingsCheck.RECORDS));
  }

  static List<Class<? extends Record>> records() {
    return SettingsCheck.RECORDS;
  }

  private static @Nullable Object sample(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "int" -> 1;
      case "double" -> 1.0;
      case "String" -> "a";
      case "Duration" -> Duration.ofSeconds(1);
      case "DataSize" -> DataSize.ofBytes(1);
      case "List" -> List.of();
      default -> null;
    };
  }

  private static boolean permits(String component, @Nullable Object value) {
    return SettingConstraints.permits(ConstrainedExample.class, component, value);
  }

  private static ConstrainedExample example(double share) {
    return new ConstrainedExample(
        2,
        share,
        Duration.ofSeconds(1),
        DataSize.ofKilobytes(1),
        "a",
        "",
        List.of("a"),
        List.of(),
        "",
        Set.of());
  }
}
