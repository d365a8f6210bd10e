package io.beamline.worker.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.AuthenticationException;

/** Writes refusals as JSON with the status and its name only. */
final class RefusalResponse {

  private RefusalResponse() {}

  /** Writes a status and its name as JSON. */
  static void write(HttpServletResponse response, HttpStatus status) throws IOException {
    response.setStatus(status.value());
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.getOutputStream().write(body(status).getBytes(StandardCharsets.UTF_8));
  }

  /** Writes 429 after too many attempts, and 401 otherwise. */
  static void unauthorized(HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    if (failure instanceof TooManyAttemptsException tooMany) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(tooMany.waitSeconds()));
      write(response, HttpStatus.TOO_MANY_REQUESTS);
    } else {
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"beamline-worker\"");
      write(response, HttpStatus.UNAUTHORIZED);
    }
  }

  /** Returns the body of a refusal. */
  static String body(HttpStatus status) {
    return "{\"status\":" + status.value() + ",\"error\":\"" + status.getReasonPhrase() + "\"}";
  }
}
