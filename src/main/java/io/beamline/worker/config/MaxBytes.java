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

/** The length of a text in UTF-8. */
@Retention(RUNTIME)
@Target({FIELD, PARAMETER})
@Constraint(validatedBy = MaxBytes.Validator.class)
public @interface MaxBytes {

  /** The most bytes, itself allowed. */
  int value();

  /** What a violation says. */
  String message() default "must be at most {value} bytes in UTF-8";

  /** Unused. */
  Class<?>[] groups() default {};

  /** Unused. */
  Class<? extends Payload>[] payload() default {};

  /** Checks the length; null is for others to refuse. */
  final class Validator implements ConstraintValidator<MaxBytes, String> {

    private int most;

    /** Used by Bean Validation. */
    public Validator() {}

    @Override
    public void initialize(MaxBytes limit) {
      most = limit.value();
    }

    @Override
    public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
      return text == null || text.getBytes(StandardCharsets.UTF_8).length <= most;
    }
  }
}
