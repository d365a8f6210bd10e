package io.beamline.worker.config;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Describes in words what a setting must be: its kind and its range. Pure. */
final class SettingRule {

  private SettingRule() {}

  /**
   * Returns the rule of a setting.
   *
   * @param type the setting's Java type
   * @param field carries its constraints, the lower end of a range before the upper one
   */
  static String of(Class<?> type, AnnotatedElement field) {
    StringBuilder rule = new StringBuilder(kind(type));
    for (Annotation constraint : field.getAnnotations()) {
      rule.append(words(constraint));
    }
    return rule.toString().strip();
  }

  private static String kind(Class<?> type) {
    if (type.isEnum()) {
      return Stream.of(type.getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    return switch (type.getSimpleName()) {
      case "boolean" -> "true or false";
      case "int" -> "a whole number";
      case "double" -> "a number";
      case "Duration" -> "a time such as 500ms, 30s or 5m";
      case "DataSize" -> "a size such as 512KB or 64MB";
      default -> "";
    };
  }

  private static String words(Annotation constraint) {
    return switch (constraint) {
      case Min min -> " from " + min.value();
      case Max max -> " to " + max.value();
      case DecimalMin min -> " from " + min.value();
      case DecimalMax max -> " to " + max.value();
      case DurationMin min ->
          " from " + time(min.hours(), min.minutes(), min.seconds(), min.millis());
      case DurationMax max ->
          " to " + time(max.hours(), max.minutes(), max.seconds(), max.millis());
      case SizeRange range -> " from " + range.min() + " to " + range.max();
      case Pattern pattern -> pattern.message();
      case MaxBytes bytes -> "at most " + bytes.value() + " bytes in UTF-8";
      case NotEmpty any -> "at least one value, and none of them empty";
      case Size size -> "at most " + size.max() + " values";
      default -> "";
    };
  }

  private static String time(long hours, long minutes, long seconds, long millis) {
    Duration time =
        Duration.ofHours(hours).plusMinutes(minutes).plusSeconds(seconds).plusMillis(millis);
    if (time.toMillisPart() != 0) {
      return time.toMillis() + "ms";
    }
    if (time.toSecondsPart() != 0 || time.isZero()) {
      return time.toSeconds() + "s";
    }
    return time.toMinutesPart() != 0 ? time.toMinutes() + "m" : time.toHours() + "h";
  }
}
