package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Encodes the {@code body} input in the charset of the job's Content-Type. Stateless. */
final class RequestBody {

  private static final Pattern PARAMETER =
      Pattern.compile(
          ";\\s*(?<name>[^\\s;=\"]+)\\s*=\\s*(\"(?<quoted>[^\"]*)\"|(?<token>[^\\s;\"]*))");

  private RequestBody() {}

  /**
   * Encodes a body: a string as its text, any other JSON unchanged.
   *
   * @param headers the job's headers; UTF-8 is used if no Content-Type has a charset
   * @throws StepFailure INVALID_INPUT for text with an unpaired surrogate, an unknown charset, or
   *     text that the charset cannot encode
   */
  static ByteBuffer bytes(Field body, List<Header> headers) throws StepFailure {
    Utf8Text text =
        switch (body) {
          case Field.Text string -> string.utf8();
          case Field.Raw raw -> raw.json().utf8();
        };
    if (text == null) {
      throw failure("The body is not valid text");
    }
    Charset charset = charset(headers);
    return charset.equals(UTF_8) ? text.bytes() : encode(text.text(), charset);
  }

  private static ByteBuffer encode(String text, Charset charset) throws StepFailure {
    try {
      return charset.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException | UnsupportedOperationException e) {
      throw failure("The body cannot be written in the charset of its content type");
    }
  }

  private static Charset charset(List<Header> headers) throws StepFailure {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase("Content-Type")) {
        Matcher parameter = PARAMETER.matcher(header.value());
        while (parameter.find()) {
          if (parameter.group("name").equalsIgnoreCase("charset")) {
            String quoted = parameter.group("quoted");
            return named(quoted == null ? parameter.group("token") : quoted);
          }
        }
      }
    }
    return UTF_8;
  }

  private static Charset named(String name) throws StepFailure {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw failure("The charset of the body's content type is not supported");
    }
  }

  private static StepFailure failure(String message) {
    return StepFailure.of(INVALID_INPUT, message, Map.of("field", "body"));
  }
}
