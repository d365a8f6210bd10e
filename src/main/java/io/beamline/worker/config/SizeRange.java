package io.beamline.worker.config;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** The range of a {@link DataSize} setting, both ends included. */
@Retention(RUNTIME)
@Target({FIELD, PARAMETER})
@Constraint(validatedBy = SizeRange.SizeRangeValidator.class)
public @interface SizeRange {

  /** The smallest size, such as {@code 1MB}. */
  String min();

  /** The largest size, such as {@code 1GB}. */
  String max();

  /** The message of a violation. */
  String message() default "must be between {min} and {max}";

  /** Unused. */
  Class<?>[] groups() default {};

  /** Unused. */
  Class<? extends Payload>[] payload() default {};

  /** Checks the range; null is valid, so that another constraint can reject it. */
  final class SizeRangeValidator implements ConstraintValidator<SizeRange, DataSize> {

    private long min;
    private long max;

    /** Used by Bean Validation. */
    public SizeRangeValidator() {}

    @Override
    public void initialize(SizeRange range) {
      min = DataSize.parse(range.min()).toBytes();
      max = DataSize.parse(range.max()).toBytes();
    }

    @Override
    public boolean isValid(@Nullable DataSize size, ConstraintValidatorContext context) {
      return size == null || (size.toBytes() >= min && size.toBytes() <= max);
    }
  }
}
