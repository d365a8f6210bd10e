package io.beamline.worker.config;

import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

/**
 * Refuses settings that break a constraint while Spring Boot binds them, which stops the start.
 * {@link SettingsFailureAnalyzer} then explains all of them. Stateless.
 */
final class SettingsValidator implements Validator {

  private static final String CODE = "setting";

  @Override
  public boolean supports(Class<?> type) {
    return SettingsCheck.RECORDS.contains(type);
  }

  @Override
  public void validate(Object settings, Errors errors) {
    check((Record) settings, errors);
  }

  private static void check(Record settings, Errors errors) {
    for (RecordComponent part : settings.getClass().getRecordComponents()) {
      @Nullable Object value = SettingConstraints.valueOf(part.getAccessor(), settings);
      if (value instanceof Record inner) {
        check(inner, errors);
      } else if (!SettingConstraints.permits(settings.getClass(), part.getName(), value)) {
        errors.reject(CODE, part.getName() + " breaks its constraint");
      }
    }
    List<String> broken = SettingConstraints.brokenRules(settings);
    broken.forEach(rule -> errors.reject(CODE, rule));
  }
}
