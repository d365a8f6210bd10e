package io.beamline.worker.observability.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;

/** The body with which the worker's endpoints refuse a request (contract section 9). Pure. */
public final class EndpointError {

  private EndpointError() {}

  /**
   * Returns the response.
   *
   * @param message a sentence that says what is wrong
   */
  public static WebEndpointResponse<Map<String, Object>> response(
      HttpStatus status, String message) {
    return new WebEndpointResponse<>(body(status, message), status.value());
  }

  /**
   * Returns the body.
   *
   * @param message a sentence that says what is wrong
   */
  public static Map<String, Object> body(HttpStatus status, String message) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status.value());
    body.put("error", status.getReasonPhrase());
    body.put("message", message);
    return body;
  }
}
