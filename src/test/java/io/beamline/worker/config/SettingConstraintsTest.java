package io.beamline.worker.config;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
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
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.util.unit.DataSize;

class SettingConstraintsTest {

  /** Those that are tried here on a component. */
  private static final Set<Class<? extends Annotation>> KNOWN =
      exampleFields().flatMap(field -> constraints(field).stream()).collect(toSet());

  /** Those that are tried here on the elements of one. */
  private static final Set<Class<? extends Annotation>> KNOWN_OF_ELEMENTS =
      exampleFields().flatMap(field -> elementConstraints(field).stream()).collect(toSet());

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
        Field field = SettingConstraints.field(type, part.getName());
        assertThat(KNOWN).as("on %s", field).containsAll(constraints(field));
        boolean elementsAreChecked = Collection.class.isAssignableFrom(field.getType());
        assertThat(elementsAreChecked ? KNOWN_OF_ELEMENTS : Set.of())
            .as("on elements of %s", field)
            .containsAll(elementConstraints(field));
        Object sample = sample(part.getType());
        if (sample != null) {
          assertThatCode(() -> SettingConstraints.permits(type, part.getName(), sample))
              .as("%s", field)
              .doesNotThrowAnyException();
        }
      }
    }
  }

  /** So what the example has is known, and each of its constraints is tried. */
  @Test
  void triesEachComponentOfTheExample() {
    assertThat(values().stream().map(List::getFirst))
        .containsExactlyInAnyOrderElementsOf(exampleFields().map(Field::getName).toList());
    assertThat(KNOWN).contains(Min.class, DurationMax.class).doesNotContain(Email.class);
    assertThat(KNOWN_OF_ELEMENTS).containsExactly(NotBlank.class);
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

  private static Stream<Field> exampleFields() {
    return Arrays.stream(ConstrainedExample.class.getRecordComponents())
        .map(part -> SettingConstraints.field(ConstrainedExample.class, part.getName()))
        .filter(field -> !field.getName().equals("unknown"));
  }

  /**
   * Whatever is neither Spring's nor says that null is possible: the worker has some of its own.
   */
  private static Set<Class<? extends Annotation>> constraints(AnnotatedElement element) {
    return Arrays.stream(element.getAnnotations())
        .<Class<? extends Annotation>>map(Annotation::annotationType)
        .filter(type -> !type.getName().matches("org\\.(springframework|jspecify)\\..*"))
        .collect(toSet());
  }

  /** Those of the elements of a list, a set or a map, and of their elements. */
  private static Set<Class<? extends Annotation>> elementConstraints(Field field) {
    Set<Class<? extends Annotation>> found = new HashSet<>();
    collect(field.getAnnotatedType(), found);
    return found;
  }

  private static void collect(AnnotatedType type, Set<Class<? extends Annotation>> found) {
    if (type instanceof AnnotatedParameterizedType generic) {
      for (AnnotatedType element : generic.getAnnotatedActualTypeArguments()) {
        found.addAll(constraints(element));
        collect(element, found);
      }
    }
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
