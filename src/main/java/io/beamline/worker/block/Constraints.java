package io.beamline.worker.block;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static io.beamline.worker.contract.ErrorCode.MISSING_REQUIRED_FIELD;
import static java.util.stream.Collectors.joining;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.MessageInterpolator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.lang.annotation.Annotation;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Checks the constraints of the inputs of a {@link TypedBlock}. Thread-safe. */
final class Constraints {

  /** They refuse what is absent. */
  private static final Set<Class<? extends Annotation>> REQUIRING =
      Set.of(NotNull.class, NotBlank.class, NotEmpty.class);

  /** What every constraint has, and what says nothing about values. */
  private static final Set<String> SILENT = Set.of("message", "groups", "payload");

  /** Messages are never shown: a constraint of a plug-in might quote the value. */
  private static final MessageInterpolator VERBATIM =
      new MessageInterpolator() {
        @Override
        public String interpolate(String template, Context context) {
          return template;
        }

        @Override
        public String interpolate(String template, Context context, Locale locale) {
          return template;
        }
      };

  private static final Validator VALIDATOR =
      Validation.byDefaultProvider()
          .configure()
          .ignoreXmlConfiguration()
          .messageInterpolator(VERBATIM)
          .buildValidatorFactory()
          .getValidator();

  private Constraints() {}

  /**
   * Reads the constraints of a record, so that one that cannot be used fails at start.
   *
   * @throws jakarta.validation.ValidationException if one cannot be used
   */
  static void prepare(Class<? extends Record> type) {
    VALIDATOR.getConstraintsForClass(type);
  }

  /**
   * Returns the record if it keeps its constraints.
   *
   * @throws StepFailure MISSING_REQUIRED_FIELD for what is absent, else INVALID_INPUT, with the
   *     path of the first field that breaks a constraint
   */
  static <T extends Record> T checked(T inputs) throws StepFailure {
    Set<ConstraintViolation<T>> broken = VALIDATOR.validate(inputs);
    if (broken.isEmpty()) {
      return inputs;
    }
    throw broken.stream()
        .map(
            violation ->
                new BrokenConstraint(violation, FieldPath.of(inputs, violation.getPropertyPath())))
        .min(
            Comparator.comparing((BrokenConstraint fault) -> !fault.isMissing())
                .thenComparing(BrokenConstraint::field))
        .orElseThrow()
        .failure();
  }

  /** One broken constraint. */
  private record BrokenConstraint(ConstraintViolation<?> violation, String field) {

    boolean isMissing() {
      return violation.getInvalidValue() == null && REQUIRING.contains(constraint());
    }

    StepFailure failure() {
      return isMissing()
          ? StepFailure.of(
              MISSING_REQUIRED_FIELD, "A required input is missing", Map.of("field", field))
          : StepFailure.of(
              INVALID_INPUT,
              "An input breaks a constraint",
              Map.of("field", field, "constraint", describe()));
    }

    /** Returns the constraint as it is written in the code, such as {@code Size(max=80, min=1)}. */
    private String describe() {
      Map<String, Object> attributes =
          new TreeMap<>(violation.getConstraintDescriptor().getAttributes());
      attributes.keySet().removeAll(SILENT);
      attributes.values().removeIf(value -> value.getClass().isArray());
      String inside = attributes.entrySet().stream().map(Object::toString).collect(joining(", "));
      return constraint().getSimpleName() + (inside.isEmpty() ? "" : "(" + inside + ")");
    }

    private Class<? extends Annotation> constraint() {
      return violation.getConstraintDescriptor().getAnnotation().annotationType();
    }
  }
}
