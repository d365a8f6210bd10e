package io.beamline.worker.support;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * A message as it went over the wire.
 *
 * @param subject where it was published
 * @param headers its headers, each with its values
 * @param body its bytes
 * @param json the body as JSON; a missing node when it is none
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record WireMessage(
    String subject, Map<String, List<String>> headers, byte[] body, JsonNode json) {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Reads the body's JSON. */
  public WireMessage(String subject, Map<String, List<String>> headers, byte[] body) {
    this(subject, headers, body, parse(body));
  }

  /** What a client received. */
  public static WireMessage of(Message message) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    Headers received = message.getHeaders();
    if (received != null) {
      received.forEach(headers::put);
    }
    return new WireMessage(message.getSubject(), headers, message.getData());
  }

  /** A field's text at the top level; empty when the field is absent or no string. */
  public String text(String field) {
    return json.path(field).stringValue("");
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  private static JsonNode parse(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }
}
