package io.beamline.worker.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Map;

/** Letters as they come from a stream. */
public final class Letters {

  /** An assignment. */
  public static final String ORIGINAL =
      """
      {"version":"1","assignment_id":"a-1","request_id":"r-1","tenant_id":"t","executor":{"provider_id":"p"},\
      "job":{"type":"echo","payload":{"n":1.10,"password":"hush"}},"metadata":{"by":"me","replay_of":"a-0"}}""";

  private Letters() {}

  static Letter of(String body) {
    return of(body, Map.of());
  }

  static Letter of(String body, Map<String, String> headers) {
    return new Letter(
        17,
        Instant.parse("2026-11-26T10:00:00.5Z"),
        headers,
        StoredDeadLetter.read(body.getBytes(UTF_8)));
  }

  /** The letter of a step that failed. */
  public static String failed(String original) {
    return """
    {"version":"1","assignment_id":"a-1","tenant_id":"t","job":{"type":"echo"},"error_code":"NETWORK_ERROR",\
    "error_message":"refused","reason":"failed","original_subject":"s","original":%s}"""
        .formatted(original);
  }
}
