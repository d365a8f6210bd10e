package io.beamline.worker.contract.json;

import io.beamline.worker.contract.Utf8Text;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * The limits of messages (contract section 2) and the parsers that enforce them. Messages are UTF-8
 * only. Thread-safe.
 */
public final class Json {

  /** The size of the largest assignment, in bytes. */
  public static final int MAX_MESSAGE_BYTES = 1024 * 1024;

  /** The deepest nesting of objects and arrays; the outermost object counts as 1. */
  static final int MAX_DEPTH = 64;

  /**
   * Reads assignments, and writes records as JSON. Buffers are kept per thread: all threads are
   * platform threads and few, so that a shared pool would only cause contention.
   */
  static final JsonFactory MESSAGES =
      new MessageFactory(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .recyclerPool(JsonRecyclerPools.threadLocalPool())
              .streamReadConstraints(constraints(MAX_DEPTH, MAX_MESSAGE_BYTES)));

  /**
   * Reads dead letters. A dead letter wraps an assignment of any permitted size and depth, so its
   * limits are wider. Duplicate keys are accepted.
   */
  static final JsonFactory DEAD_LETTERS =
      new MessageFactory(
          JsonFactory.builder()
              .streamReadConstraints(constraints(2 * MAX_DEPTH, 64 * MAX_MESSAGE_BYTES)));

  /**
   * Reads JSON that others made and that becomes a part of a result, below two objects of the
   * worker's. It may be as large as the largest message of a NATS server.
   */
  static final JsonFactory PARTS =
      new MessageFactory(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .recyclerPool(JsonRecyclerPools.threadLocalPool())
              .streamReadConstraints(constraints(MAX_DEPTH - 2, 64 * MAX_MESSAGE_BYTES)));

  private Json() {}

  /** Returns why the bytes cannot be JSON in UTF-8, or null if they may be. */
  public static @Nullable String faultOfEncoding(byte[] message) {
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

  private static StreamReadConstraints constraints(int maxDepth, int maxBytes) {
    return StreamReadConstraints.builder()
        .maxNestingDepth(maxDepth)
        .maxNumberLength(maxBytes)
        .maxNameLength(maxBytes)
        .maxStringLength(maxBytes)
        .build();
  }
}
