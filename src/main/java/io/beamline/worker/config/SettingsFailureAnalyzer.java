package io.beamline.worker.config;

import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import java.util.List;
import java.util.stream.Collectors;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains a start that failed over wrong settings: one sentence for each, with its name, its value
 * and its range (contract section 8). Settings of others are left to Spring Boot's analyzers.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

  private final Environment environment;

  /** Used by Spring Boot. */
  SettingsFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
    List<SettingFault> faults = faults();
    if (faults.isEmpty()) {
      return null;
    }
    String sentences =
        faults.stream().map(SettingFault::sentence).collect(Collectors.joining("\n"));
    return new FailureAnalysis(sentences, "Correct the settings and start again.", cause);
  }

  private List<SettingFault> faults() {
    try (ValidatorFactory factory =
        Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()) {
      return SettingsCheck.faults(environment, factory.getValidator());
    }
  }
}
