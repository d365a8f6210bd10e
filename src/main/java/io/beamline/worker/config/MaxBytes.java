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
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The maximum length of a text in UTF-8. */
@Retention(RUNTIME)
@Target({FIELD, PARAMETER})
@Constraint(validatedBy = MaxBytes.MaxBytesValidator.class)
public @interface MaxBytes {

  /** The maximum number of bytes, inclusive. */
  int value();

  /** The message of a violation. */
  String message() default "must be at most {value} bytes in UTF-8";

  /** Unused. */
  Class<?>[] groups() default {};

  /** Unused. */
  Class<? extends Payload>[] payload() default {};

  /** Checks the length; null is valid, so that another constraint can reject it. */
  final class MaxBytesValidator implements ConstraintValidator<MaxBytes, String> {

    private int maxBytes;

    /** Used by Bean Validation. */
    public MaxBytesValidator() {}

    @Override
    public void initialize(MaxBytes limit) {
      maxBytes = limit.value();
    }

    @Override
    public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
      return text == null || text.getBytes(StandardCharsets.UTF_8).length <= maxBytes;
    }
  }
}
