package io.beamline.worker.block.http;

import io.beamline.worker.contract.Utf8Text;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Collects the body of a response. It rejects a body over its limits, and copies each piece at once
 * to release the network's buffer. Not thread-safe: pieces arrive one after another.
 */
final class ResponseBody {

  private final BodyLimits limits;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Creates an empty body with its limits. */
  ResponseBody(BodyLimits limits) {
    this.limits = limits;
  }

  /**
   * Adds the next piece and releases its buffer.
   *
   * @throws ResponseTooLargeException if the body exceeds the configured limit
   * @throws ResponseUnpublishableException if the body exceeds the limit of the NATS server
   */
  void add(DataBuffer piece) {
    try {
      int length = piece.readableByteCount();
      RuntimeException refusal = limits.exceededBy((long) bytes.size() + length);
      if (refusal != null) {
        throw refusal;
      }
      byte[] copy = new byte[length];
      piece.read(copy);
      bytes.writeBytes(copy);
    } finally {
      DataBufferUtils.release(piece);
    }
  }

  /**
   * Adds {@code body} and {@code body_encoding} to the outputs: text if it is UTF-8, else base64.
   */
  void putInto(Map<String, Object> outputs) {
    ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
    Utf8Text text = Utf8Text.of(all);
    outputs.put("body", text == null ? Utf8Text.base64(all) : text);
    outputs.put("body_encoding", text == null ? "base64" : "utf-8");
  }
}
