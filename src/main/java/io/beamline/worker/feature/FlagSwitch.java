package io.beamline.worker.feature;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.http.HttpStatus;
import org.togglz.core.Feature;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.repository.FeatureState;
import org.togglz.spring.boot.actuate.TogglzEndpoint;
import org.togglz.spring.boot.actuate.TogglzEndpointWebExtension;
import org.togglz.spring.boot.actuate.autoconfigure.TogglzFeature;

/**
 * Changes a flag for scripts: {@code POST /actuator/togglz/{NAME}} (contract section 9). Where
 * Togglz guesses what a wrong body means, this changes nothing and says what is wrong. Thread-safe.
 */
@EndpointWebExtension(endpoint = TogglzEndpoint.class)
final class FlagSwitch extends TogglzEndpointWebExtension {

  FlagSwitch(FeatureManager flags) {
    super(flags);
  }

  /**
   * Changes one flag.
   *
   * @param enabled true or false, nothing else; Spring hands over a boolean as its text
   * @param strategy the id of one that is offered, empty for none; null leaves the flag's own
   * @param parameters of the strategy, as {@code name=value}, separated by commas
   */
  @WriteOperation
  public WebEndpointResponse<Object> change(
      @Selector String name,
      @Nullable String enabled,
      @Nullable String strategy,
      @Nullable String parameters) {
    Feature flag = findFeature(name);
    if (flag == null) {
      return refusal(HttpStatus.NOT_FOUND, "There is no flag of this name");
    }
    if (!"true".equals(enabled) && !"false".equals(enabled)) {
      return refusal(HttpStatus.BAD_REQUEST, "enabled must be there, and be true or false");
    }
    FeatureState state = featureManager.getFeatureState(flag).setEnabled("true".equals(enabled));
    if (strategy != null) {
      state.setStrategyId(Strategies.none(strategy) ? null : strategy);
    }
    try {
      parseParameterMap(parameters).forEach(state::setParameter);
    } catch (IllegalArgumentException | IllegalStateException e) {
      return refusal(
          HttpStatus.BAD_REQUEST, "parameters must be name=value, each once, with commas between");
    }
    Optional<String> fault = Strategies.fault(state, featureManager.getActivationStrategies());
    if (fault.isPresent()) {
      return refusal(HttpStatus.BAD_REQUEST, fault.get());
    }
    featureManager.setFeatureState(state);
    return new WebEndpointResponse<>(generateTogglzFeature(flag));
  }

  /** Togglz' own operation, which is none here: it carries no annotation. */
  @Override
  public WebEndpointResponse<TogglzFeature> setFeatureState(
      String name,
      @Nullable Boolean enabled,
      @Nullable String strategy,
      @Nullable String parameters) {
    return super.setFeatureState(name, enabled, strategy, parameters);
  }

  private static WebEndpointResponse<Object> refusal(HttpStatus status, String message) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status.value());
    body.put("error", status.getReasonPhrase());
    body.put("message", message);
    return new WebEndpointResponse<>(body, status.value());
  }
}
