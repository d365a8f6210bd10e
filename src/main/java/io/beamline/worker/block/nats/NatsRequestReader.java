package io.beamline.worker.block.nats;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the inputs of {@code nats.request} (contract section 4). Stateless. */
final class NatsRequestReader {

  private static final long MAX_TIMEOUT_MS = 3_600_000;
  private static final byte[] EMPTY = {};

  private NatsRequestReader() {}

  /**
   * Creates the request of a call. Whether its subject is allowed is not checked.
   *
   * @throws StepFailure MISSING_REQUIRED_FIELD, INVALID_INPUT or INVALID_FORMAT
   */
  static OutgoingRequest read(BlockCall call) throws StepFailure {
    Inputs inputs = call.inputs();
    String subject = inputs.requiredText("subject");
    if (!SubjectSyntax.isSubject(subject)) {
      throw invalid("The subject is not a plain NATS subject", "subject");
    }
    long timeoutMs = inputs.wholeNumber("timeout_ms", 1, MAX_TIMEOUT_MS, 0);
    return new OutgoingRequest(
        subject, OutgoingHeaders.of(call, inputs), body(inputs.field("body")), timeoutMs);
  }

  private static byte[] body(@Nullable Field body) throws StepFailure {
    Utf8Text text =
        switch (body) {
          case null -> new Utf8Text(EMPTY, 0, 0);
          case Field.Text string -> string.utf8();
          case Field.Raw raw -> raw.json().utf8();
        };
    if (text == null) {
      throw invalid("The body is not valid text", "body");
    }
    ByteBuffer shared = text.bytes();
    byte[] bytes = new byte[shared.remaining()];
    shared.get(bytes);
    return bytes;
  }

  private static StepFailure invalid(String message, String field) {
    return StepFailure.of(INVALID_INPUT, message, Map.of("field", field));
  }
}
