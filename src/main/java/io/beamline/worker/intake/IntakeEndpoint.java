package io.beamline.worker.intake;

import io.beamline.worker.observability.http.Caller;
import io.beamline.worker.observability.http.EndpointError;
import io.beamline.worker.timeout.TimeSource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;

/**
 * Pauses and resumes the intake: {@code POST /actuator/intake}, behind the login. A wrong body
 * changes nothing; the response says what is wrong. Thread-safe.
 */
@WebEndpoint(id = "intake")
final class IntakeEndpoint {

  private final IntakePause pause;
  private final TimeSource time;

  IntakeEndpoint(IntakePause pause, TimeSource time) {
    this.pause = pause;
    this.time = time;
  }

  /** Returns {@code paused}, and during a pause also {@code until} and {@code by}. */
  @ReadOperation
  public Map<String, Object> state() {
    return describe(pause.current());
  }

  /**
   * Pauses or resumes the intake. A second pause replaces the first.
   *
   * @param paused true or false, nothing else; Spring hands over a boolean as its text
   * @param until when the pause ends by itself, in ISO 8601; null for never
   */
  @WriteOperation
  public WebEndpointResponse<Map<String, Object>> change(
      SecurityContext caller, @Nullable String paused, @Nullable String until) {
    PauseOrder order = PauseOrder.of(paused, until, Instant.ofEpochMilli(time.epochMillis()));
    switch (order) {
      case PauseOrder.Stop stop -> pause.begin(stop, Caller.name(caller));
      case PauseOrder.Go go -> pause.end(Caller.name(caller));
      case PauseOrder.Fault fault -> {
        return refusal(fault.sentence());
      }
    }
    return new WebEndpointResponse<>(describe(pause.current()));
  }

  private static Map<String, Object> describe(@Nullable Pause now) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("paused", now != null);
    if (now != null) {
      if (now.until() != null) {
        body.put("until", now.until().toString());
      }
      body.put("by", now.by());
    }
    return body;
  }

  private static WebEndpointResponse<Map<String, Object>> refusal(String sentence) {
    return EndpointError.response(HttpStatus.BAD_REQUEST, sentence);
  }
}
