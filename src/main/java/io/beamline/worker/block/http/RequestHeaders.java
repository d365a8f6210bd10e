package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.INVALID_FORMAT;
import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;

import io.beamline.worker.block.HeaderInput;
import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads the {@code headers} input: a JSON object, or a string that contains one. Stateless. */
final class RequestHeaders {

  /**
   * Headers that only the client may set: they frame or route the message, or belong to one hop.
   */
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "http2-settings",
          "te",
          "trailer",
          "upgrade",
          "expect");

  private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

  private RequestHeaders() {}

  /**
   * Returns the headers in their order; empty if the input is absent.
   *
   * @throws StepFailure INVALID_FORMAT if they cannot be read or sent, INVALID_INPUT for a header
   *     that the job must not set; the error contains the header's name, never its value
   */
  static List<Header> read(Inputs inputs) throws StepFailure {
    List<Header> headers = new ArrayList<>();
    for (Map.Entry<String, Field> field : HeaderInput.fields(inputs).entrySet()) {
      String name = field.getKey();
      checkName(name);
      for (String value : HeaderInput.values(name, field.getValue())) {
        headers.add(new Header(name, value));
      }
    }
    return headers;
  }

  private static void checkName(String name) throws StepFailure {
    if (!isToken(name)) {
      throw HeaderInput.failure(
          INVALID_FORMAT, "A header's name has a character that is not allowed", name);
    }
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw HeaderInput.failure(INVALID_INPUT, "A header is not the job's to set", name);
    }
  }

  private static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean alphanumeric =
          (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!alphanumeric && TOKEN_SYMBOLS.indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
