package io.beamline.worker.feature;

import io.beamline.worker.config.Nearest;
import io.beamline.worker.observability.http.EndpointError;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
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
 * Changes a flag by HTTP: {@code POST /actuator/togglz/{NAME}} (contract section 9). It refuses a
 * wrong body and names the fault; Togglz' own endpoint guesses what is meant. The server's threads
 * call it concurrently. Thread-safe: it has no mutable state.
 */
@EndpointWebExtension(endpoint = TogglzEndpoint.class)
final class FlagSwitch extends TogglzEndpointWebExtension {

  private static final int MAX_NAME = 64;

  private final FlagStates states;

  FlagSwitch(FeatureManager flags, FlagStates states) {
    super(flags);
    this.states = states;
  }

  /**
   * Changes a flag, or resets it to its configured state.
   *
   * @param name the name of a {@link WorkerFeature}
   * @param enabled {@code true} or {@code false}; Spring passes a JSON boolean as text
   * @param strategy the id of a strategy; empty for none; null for that of the parameters, or
   *     without parameters for the current one
   * @param parameters the parameters of the strategy, in the format of {@link ParameterText}; null
   *     for none
   * @param reset {@code true} resets the flag, and all other parameters must be null then; null
   *     changes it
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
      return error(HttpStatus.NOT_FOUND, noFlag(name));
    }
    try {
      if (reset == null) {
        featureManager.setFeatureState(newState(flag, enabled, strategy, parameters));
      } else {
        reset(flag, reset, enabled == null && strategy == null && parameters == null);
      }
    } catch (FlagRefusedException e) {
      return error(e.status(), e.sentence());
    }
    return new WebEndpointResponse<>(generateTogglzFeature(flag));
  }

  /**
   * Returns a flag. Togglz' own operation answers for an unknown one without a word.
   *
   * @param name the name of a {@link WorkerFeature}
   */
  @ReadOperation
  public WebEndpointResponse<Object> show(@Selector String name) {
    Feature flag = findFeature(name);
    return flag == null
        ? error(HttpStatus.NOT_FOUND, noFlag(name))
        : new WebEndpointResponse<>(generateTogglzFeature(flag));
  }

  private static String noFlag(String name) {
    List<String> names = Stream.of(WorkerFeature.values()).map(Enum::name).toList();
    String nearest = name.length() > MAX_NAME ? null : Nearest.to(name, names);
    return "There is no flag of this name"
        + (nearest == null
            ? ": there are " + String.join(", ", names)
            : ": did you mean " + nearest + "?");
  }

  private FeatureState newState(
      Feature flag,
      @Nullable String enabled,
      @Nullable String strategy,
      @Nullable String parameters) {
    if (!"true".equals(enabled) && !"false".equals(enabled)) {
      throw FlagRefusedException.invalid("enabled must be there, and be true or false");
    }
    FeatureState state = featureManager.getFeatureState(flag).setEnabled("true".equals(enabled));
    Map<String, String> given = read(parameters);
    if (strategy != null || !given.isEmpty()) {
      state.setStrategyId(Strategies.isNone(strategy) ? null : strategy);
    }
    if (!given.isEmpty() && strategy != null && Strategies.isNone(strategy)) {
      throw FlagRefusedException.invalid(
          "parameters go with a strategy only, and strategy is empty");
    }
    try {
      Strategies.apply(given, state);
    } catch (IllegalArgumentException e) {
      throw FlagRefusedException.invalid(String.valueOf(e.getMessage()));
    }
    return state;
  }

  private static Map<String, String> read(@Nullable String parameters) {
    try {
      return ParameterText.read(parameters);
    } catch (IllegalArgumentException e) {
      throw FlagRefusedException.invalid(
          "parameters must be name=value, each once, with commas between, such as percentage=10 or"
              + " tenants=acme,globex");
    }
  }

  private void reset(Feature flag, String reset, boolean alone) {
    if (!reset.equals("true") || !alone) {
      throw FlagRefusedException.invalid("reset must be true, and nothing else beside it");
    }
    states.reset(WorkerFeature.valueOf(flag.name()));
  }

  /** Overrides Togglz' own operation without its annotation, so that it is not published. */
  @Override
  public WebEndpointResponse<TogglzFeature> setFeatureState(
      String name,
      @Nullable Boolean enabled,
      @Nullable String strategy,
      @Nullable String parameters) {
    return super.setFeatureState(name, enabled, strategy, parameters);
  }

  private static WebEndpointResponse<Object> error(HttpStatus status, String message) {
    return new WebEndpointResponse<>(EndpointError.body(status, message), status.value());
  }
}
