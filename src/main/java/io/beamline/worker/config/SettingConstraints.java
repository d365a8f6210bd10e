package io.beamline.worker.config;

import jakarta.validation.Constraint;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Checks the constraints of settings. It knows the few that the records use and no others: a whole
 * implementation of Bean Validation takes 700 classes at each start. Pure.
 */
final class SettingConstraints {

  private SettingConstraints() {}

  /**
   * Returns whether a value keeps the constraints of a record's component.
   *
   * @param value of the component's type, or boxed; null keeps all constraints but those that
   *     require a value
   * @throws IllegalStateException if the record has no such component, or it has a constraint that
   *     is not known here
   */
  static boolean permits(Class<?> owner, String component, @Nullable Object value) {
    Field field = field(owner, component);
    return keepsAll(field, value) && elementsKeepAll(field.getAnnotatedType(), value);
  }

  /** Returns the messages of the rules between the settings of one record that are broken. */
  static List<String> brokenRules(Record settings) {
    List<String> broken = new ArrayList<>();
    for (Method method : settings.getClass().getMethods()) {
      AssertTrue rule = method.getAnnotation(AssertTrue.class);
      if (rule != null && !Boolean.TRUE.equals(valueOf(method, settings))) {
        broken.add(rule.message());
      }
    }
    return broken;
  }

  /** Returns the component's field, which carries its constraints. */
  static Field field(Class<?> owner, String component) {
    try {
      return owner.getDeclaredField(component);
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns what an accessor or a rule of a record returns. */
  static @Nullable Object valueOf(Method method, Record settings) {
    try {
      return method.invoke(settings);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean elementsKeepAll(AnnotatedType type, @Nullable Object value) {
    if (!(value instanceof Collection<?> elements)
        || !(type instanceof AnnotatedParameterizedType list)) {
      return true;
    }
    AnnotatedElement element = list.getAnnotatedActualTypeArguments()[0];
    return elements.stream().allMatch(one -> keepsAll(element, one));
  }

  private static boolean keepsAll(AnnotatedElement element, @Nullable Object value) {
    for (Annotation annotation : element.getAnnotations()) {
      if (!keeps(annotation, value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean keeps(Annotation constraint, @Nullable Object value) {
    if (value == null) {
      return !(constraint instanceof NotEmpty || constraint instanceof NotBlank);
    }
    return switch (constraint) {
      case Min min -> ((Number) value).longValue() >= min.value();
      case Max max -> ((Number) value).longValue() <= max.value();
      case DecimalMin min -> ((Number) value).doubleValue() >= Double.parseDouble(min.value());
      case DecimalMax max -> ((Number) value).doubleValue() <= Double.parseDouble(max.value());
      case DurationMin min -> ((Duration) value).compareTo(least(min)) >= 0;
      case DurationMax max -> ((Duration) value).compareTo(greatest(max)) <= 0;
      case SizeRange range -> isWithin(range, (DataSize) value);
      case Pattern pattern -> ((String) value).matches(pattern.regexp());
      case MaxBytes max -> ((String) value).getBytes(StandardCharsets.UTF_8).length <= max.value();
      case NotBlank any -> !((String) value).isBlank();
      case NotEmpty any -> !((Collection<?>) value).isEmpty();
      case Size size -> ((Collection<?>) value).size() <= size.max();
      default -> isNone(constraint);
    };
  }

  private static boolean isWithin(SizeRange range, DataSize size) {
    return size.compareTo(DataSize.parse(range.min())) >= 0
        && size.compareTo(DataSize.parse(range.max())) <= 0;
  }

  private static Duration least(DurationMin min) {
    return Duration.ofHours(min.hours())
        .plusMinutes(min.minutes())
        .plusSeconds(min.seconds())
        .plusMillis(min.millis());
  }

  private static Duration greatest(DurationMax max) {
    return Duration.ofHours(max.hours())
        .plusMinutes(max.minutes())
        .plusSeconds(max.seconds())
        .plusMillis(max.millis());
  }

  /** Nobody must believe that a constraint is checked which is not. */
  private static boolean isNone(Annotation annotation) {
    if (annotation.annotationType().isAnnotationPresent(Constraint.class)) {
      throw new IllegalStateException("Not a constraint of settings: " + annotation);
    }
    return true;
  }
}
