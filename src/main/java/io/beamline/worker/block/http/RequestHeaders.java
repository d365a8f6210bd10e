package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.INVALID_FORMAT;
import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;

import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;

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
  private static final int MAX_NAME_IN_DETAILS = 64;

  private RequestHeaders() {}

  /**
   * Returns the headers in their order; empty if the input is absent.
   *
   * @throws StepFailure INVALID_FORMAT if they cannot be read or sent, INVALID_INPUT for a header
   *     that the job must not set; the error contains the header's name, never its value
   */
  static List<Header> read(Inputs inputs) throws StepFailure {
    List<Header> headers = new ArrayList<>();
    for (Map.Entry<String, Field> field : fields(inputs).entrySet()) {
      String name = field.getKey();
      checkName(name);
      for (String value : values(name, field.getValue())) {
        checkValue(name, value);
        headers.add(new Header(name, value));
      }
    }
    return headers;
  }

  private static Map<String, Field> fields(Inputs inputs) throws StepFailure {
    try {
      return switch (inputs.field("headers")) {
        case null -> Map.of();
        case Field.Text text -> JsonFields.of(new RawJson(utf8(text)));
        case Field.Raw raw -> JsonFields.of(raw.json());
      };
    } catch (JacksonException e) {
      throw notAnObject();
    }
  }

  private static Utf8Text utf8(Field.Text text) throws StepFailure {
    Utf8Text utf8 = text.utf8();
    if (utf8 == null) {
      throw notAnObject();
    }
    return utf8;
  }

  private static StepFailure notAnObject() {
    return StepFailure.of(
        INVALID_FORMAT, "The headers must be a JSON object", Map.of("field", "headers"));
  }

  private static List<String> values(String name, Field field) throws StepFailure {
    List<String> values =
        switch (field) {
          case Field.Text text -> List.of(text.value());
          case Field.Raw raw -> JsonFields.strings(raw.json());
        };
    if (values == null) {
      throw failure(INVALID_FORMAT, "A header must be a string or an array of strings", name);
    }
    return values;
  }

  private static void checkName(String name) throws StepFailure {
    if (!isToken(name)) {
      throw failure(INVALID_FORMAT, "A header's name has a character that is not allowed", name);
    }
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw failure(INVALID_INPUT, "A header is not the job's to set", name);
    }
  }

  private static void checkValue(String name, String value) throws StepFailure {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c > '~') {
        throw failure(INVALID_FORMAT, "A header's value has a character that is not allowed", name);
      }
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

  private static StepFailure failure(ErrorCode code, String message, String name) {
    String shown = name.substring(0, Math.min(name.length(), MAX_NAME_IN_DETAILS));
    return StepFailure.of(code, message, Map.of("field", "headers", "header", shown));
  }
}
