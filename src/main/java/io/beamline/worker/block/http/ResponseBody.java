package io.beamline.worker.block.http;

import io.beamline.worker.contract.Utf8Text;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * A response's body while it arrives: it refuses what passes its limit, and copies each piece at
 * once, so that no buffer of the network is held. Not thread-safe; pieces come one after another.
 */
final class ResponseBody {

  private final BodyLimits limits;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** An empty body that takes as many bytes as its limits allow. */
  ResponseBody(BodyLimits limits) {
    this.limits = limits;
  }

  /**
   * Takes the next piece, and releases it.
   *
   * @throws ResponseTooLarge when it passes the configured limit
   * @throws ResponseUnpublishable when it passes the server's
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

  /** Puts {@code body} and {@code body_encoding}: the text when it is UTF-8, else base64. */
  void putInto(Map<String, Object> outputs) {
    ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
    Utf8Text text = Utf8Text.of(all);
    outputs.put("body", text == null ? Utf8Text.base64(all) : text);
    outputs.put("body_encoding", text == null ? "base64" : "utf-8");
  }
}
