package io.beamline.worker.feature;

import java.util.LinkedHashMap;
import java.util.Map;
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

  private final FlagStates states;

  FlagSwitch(FeatureManager flags, FlagStates states) {
    super(flags);
    this.states = states;
  }

  /**
   * Changes one flag, or puts it back to its configuration.
   *
   * @param enabled true or false, nothing else; Spring hands over a boolean as its text
   * @param strategy the id of one that is offered, empty for none; null leaves the flag's own
   * @param parameters of the strategy, as {@code name=value}, separated by commas; a value may be a
   *     list
   * @param reset true, and nothing else beside it, puts the flag back
   */
  @WriteOperation
  public WebEndpointResponse<Object> change(
      @Selector String name,
      @Nullable String enabled,
      @Nullable String strategy,
      @Nullable String parameters,
      @Nullable String reset) {
    Feature flag = findFeature(name);
    if (flag == null) {
      return refusal(HttpStatus.NOT_FOUND, "There is no flag of this name");
    }
    try {
      if (reset == null) {
        featureManager.setFeatureState(wanted(flag, enabled, strategy, parameters));
      } else {
        putBack(flag, reset, enabled == null && strategy == null && parameters == null);
      }
    } catch (FlagRefusedException e) {
      return refusal(e.status(), e.sentence());
    }
    return new WebEndpointResponse<>(generateTogglzFeature(flag));
  }

  private FeatureState wanted(
      Feature flag,
      @Nullable String enabled,
      @Nullable String strategy,
      @Nullable String parameters) {
    if (!"true".equals(enabled) && !"false".equals(enabled)) {
      throw FlagRefusedException.wrong("enabled must be there, and be true or false");
    }
    FeatureState state = featureManager.getFeatureState(flag).setEnabled("true".equals(enabled));
    if (strategy != null) {
      state.setStrategyId(Strategies.none(strategy) ? null : strategy);
    }
    try {
      ParameterText.read(parameters).forEach(state::setParameter);
    } catch (IllegalArgumentException e) {
      throw FlagRefusedException.wrong(
          "parameters must be name=value, each once, with commas between");
    }
    return state;
  }

  private void putBack(Feature flag, String reset, boolean alone) {
    if (!reset.equals("true") || !alone) {
      throw FlagRefusedException.wrong("reset must be true, and nothing else beside it");
    }
    states.putBack(WorkerFeature.valueOf(flag.name()));
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
