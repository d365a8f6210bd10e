package io.beamline.worker.destination.control;

import io.beamline.worker.destination.BreakerState;
import io.beamline.worker.destination.DestinationView;
import io.beamline.worker.destination.Destinations;
import io.beamline.worker.destination.ForcedState;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.FlagStoreException;
import io.beamline.worker.feature.WorkerFeature;
import io.beamline.worker.observability.http.Caller;
import io.beamline.worker.observability.http.EndpointError;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;

/**
 * Shows the destinations of this worker, and forces their circuit breakers: {@code
 * /actuator/destinations}, behind the login (contract section 9). Thread-safe: it has no state.
 */
@WebEndpoint(id = "destinations")
final class DestinationsEndpoint {

  private static final int USUAL_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
  private static final int MAX_NAME = 4_096;

  private static final Comparator<DestinationView> WORST_FIRST =
      Comparator.comparing(DestinationView::state)
          .reversed()
          .thenComparing(Comparator.comparingInt(DestinationsEndpoint::inLine).reversed())
          .thenComparing(DestinationView::name);

  private final Destinations destinations;
  private final ForcedDestinations forced;
  private final FeatureFlags flags;

  DestinationsEndpoint(Destinations destinations, ForcedDestinations forced, FeatureFlags flags) {
    this.destinations = destinations;
    this.forced = forced;
    this.flags = flags;
  }

  /**
   * Returns the destinations: those with an open breaker first, and of these the ones that most
   * steps wait for.
   *
   * @param limit the most to return, 1 to 1000; null for 100
   * @param state only those in this state: {@code open}, {@code half_open} or {@code closed}
   */
  @ReadOperation
  public WebEndpointResponse<Map<String, Object>> list(
      @Nullable String limit, @Nullable String state) {
    int most = limit == null ? USUAL_LIMIT : number(limit);
    if (most < 1 || most > MAX_LIMIT) {
      return error("limit must be a whole number from 1 to " + MAX_LIMIT);
    }
    if (state != null && !isState(state)) {
      return error("state must be open, half_open or closed");
    }
    List<DestinationView> all =
        destinations.views().stream()
            .filter(view -> state == null || view.state().wireName().equals(state))
            .toList();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("count", all.size());
    body.put(
        "destinations",
        all.stream().sorted(WORST_FIRST).limit(most).map(DestinationsEndpoint::describe).toList());
    return new WebEndpointResponse<>(body);
  }

  /**
   * Forces the breaker of a destination, or leaves it to itself again.
   *
   * @param destination its name, or a URL of it
   * @param state {@code open}, {@code closed} or {@code auto}
   */
  @WriteOperation
  public WebEndpointResponse<Map<String, Object>> force(
      SecurityContext caller, @Nullable String destination, @Nullable String state) {
    ForcedState wanted = ForcedState.of(state);
    if (wanted == null) {
      return error("state must be there, and be open, closed or auto");
    }
    String name = destination == null ? null : name(destination.strip());
    if (name == null) {
      return error(
          "destination must be there, and be a name as this endpoint lists it, such as"
              + " https://api.example.org:443 or the folder of a root");
    }
    try {
      forced.force(name, wanted, Caller.name(caller));
    } catch (FlagStoreException e) {
      return EndpointError.response(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()));
    }
    DestinationView view = destinations.view(name);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("destination", name);
    body.put("state", wanted.wireName());
    body.put("used", view != null && view.attemptsLately() + view.attempts() > 0);
    body.put(
        "enabled", flags.enabledNames().contains(WorkerFeature.CP2_CIRCUIT_BREAKER_ENABLED.name()));
    return new WebEndpointResponse<>(body);
  }

  private static Map<String, Object> describe(DestinationView view) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", view.name());
    body.put("state", view.state().wireName());
    if (view.forced() != ForcedState.AUTO) {
      body.put("forced", true);
    }
    body.put("since", Instant.ofEpochMilli(view.sinceMillis()).toString());
    if (view.retryAfterMs() != null) {
      body.put("retry_after_ms", view.retryAfterMs());
    }
    body.put("attempts", view.attempts());
    body.put("failure_rate", Math.round(view.failureRate()));
    body.put("attempts_10s", view.attemptsLately());
    body.put("in_flight", view.inFlight());
    body.put("parked", view.parked());
    body.put("waiting", view.waiting());
    body.put("slowest_ms", view.slowestMs());
    if (view.override() != null) {
      body.put("override", view.override());
    }
    return body;
  }

  /** Returns the name as steps have it, or null if no step can have it. */
  private static @Nullable String name(String text) {
    return text.length() > MAX_NAME ? null : DestinationMatch.name(text);
  }

  private static boolean isState(String text) {
    for (BreakerState state : BreakerState.values()) {
      if (state.wireName().equals(text)) {
        return true;
      }
    }
    return false;
  }

  private static int inLine(DestinationView view) {
    return view.parked() + view.waiting();
  }

  private static int number(String text) {
    return NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
  }

  private static WebEndpointResponse<Map<String, Object>> error(String message) {
    return EndpointError.response(HttpStatus.BAD_REQUEST, message);
  }
}
