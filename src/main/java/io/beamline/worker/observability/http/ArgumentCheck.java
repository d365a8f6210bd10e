package io.beamline.worker.observability.http;

import io.beamline.worker.config.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.http.HttpStatus;

/**
 * Refuses parameters that an endpoint of the worker does not have, in a query or a body: Spring
 * ignores them, and a misspelt filter would select everything. Thread-safe: it has no state.
 */
final class ArgumentCheck implements OperationInvokerAdvisor {

  private static final Set<EndpointId> ENDPOINTS =
      Set.of(
          EndpointId.of("togglz"),
          EndpointId.of("intake"),
          EndpointId.of("assignments"),
          EndpointId.of("destinations"),
          EndpointId.of("deadletters"));

  private static final int MAX_QUOTED = 40;

  @Override
  public OperationInvoker apply(
      EndpointId endpoint,
      OperationType operation,
      OperationParameters parameters,
      OperationInvoker invoker) {
    if (!ENDPOINTS.contains(endpoint)) {
      return invoker;
    }
    List<String> names =
        parameters.stream()
            .filter(parameter -> parameter.getType() != SecurityContext.class)
            .map(OperationParameter::getName)
            .toList();
    return context -> {
      String fault = fault(names, context.getArguments());
      return fault == null
          ? invoker.invoke(context)
          : EndpointError.response(HttpStatus.BAD_REQUEST, fault);
    };
  }

  /** Returns what is wrong with the arguments as a sentence, or null if nothing is. */
  private static @Nullable String fault(List<String> names, Map<String, Object> arguments) {
    for (Map.Entry<String, Object> argument : arguments.entrySet()) {
      String name = argument.getKey();
      if (!names.contains(name)) {
        return "there is no parameter " + quoted(name) + hint(name, names);
      }
      if (argument.getValue() instanceof Collection<?>) {
        return name + " may be there only once";
      }
    }
    return null;
  }

  private static String hint(String name, List<String> names) {
    String nearest = name.length() > MAX_QUOTED ? null : Nearest.to(name, names);
    if (nearest != null) {
      return ": did you mean " + nearest + "?";
    }
    return names.isEmpty() ? "" : ": there are " + String.join(", ", names);
  }

  private static String quoted(String name) {
    return name.length() > MAX_QUOTED ? name.substring(0, MAX_QUOTED) + "..." : name;
  }
}
