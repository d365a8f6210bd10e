package io.beamline.worker.contract;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * The JSON factory of the contract, with the limits of section 2: UTF-8 and nothing else. Its
 * buffers belong to threads, of which the worker has few and all of the platform: a pool that they
 * share would be their meeting point.
 */
final class Json {

  /** The largest assignment, in bytes. */
  static final int MAX_MESSAGE_BYTES = 1024 * 1024;

  /** The deepest nesting of objects and arrays, the outermost included. */
  static final int MAX_DEPTH = 64;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_MESSAGE_BYTES)
                  .maxNameLength(MAX_MESSAGE_BYTES)
                  .maxStringLength(MAX_MESSAGE_BYTES)
                  .build())
          .build();

  /** Deeper than any assignment, for a dead letter wraps one. */
  private static final int STORED_DEPTH = 2 * MAX_DEPTH;

  private static final int STORED_BYTES = 64 * MAX_MESSAGE_BYTES;

  /** For dead letters, which hold an assignment of any permitted size and depth. */
  static final JsonFactory STORED =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(STORED_DEPTH)
                  .maxNumberLength(STORED_BYTES)
                  .maxNameLength(STORED_BYTES)
                  .maxStringLength(STORED_BYTES)
                  .build())
          .build();

  private Json() {}

  /** Why bytes cannot be JSON in UTF-8, null when they may be. */
  static @Nullable String faultOfEncoding(byte[] message) {
    if (hasByteOrderMark(message)) {
      return "the message starts with a byte order mark";
    }
    return Utf8Text.of(ByteBuffer.wrap(message)) == null ? "the message is not UTF-8" : null;
  }

  private static boolean hasByteOrderMark(byte[] message) {
    return message.length > 2
        && message[0] == (byte) 0xEF
        && message[1] == (byte) 0xBB
        && message[2] == (byte) 0xBF;
  }
}
