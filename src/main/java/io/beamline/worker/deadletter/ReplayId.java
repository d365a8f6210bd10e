package io.beamline.worker.deadletter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Makes the ids for replays of a stream's letters. The id of a letter is always the same, and no
 * two letters share one. A stream that is deleted and created again counts from 1 again, so its
 * creation time is a part of the id. Pure.
 *
 * @param stream the stream's name
 * @param created when the stream was created
 */
record ReplayId(String stream, Instant created) {

  private static final int DIGEST_BYTES = 10;

  /** Returns the {@code assignment_id} of a letter's replay: printable, below 128 characters. */
  String assignmentId(long sequence) {
    String place = stream + '\n' + created + '\n' + sequence;
    return "replay-" + sequence + '-' + digest(place);
  }

  /** Returns the key of a letter in the replay log. */
  String key(long sequence) {
    return "%d-%09d.%d".formatted(created.getEpochSecond(), created.getNano(), sequence);
  }

  private static String digest(String text) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(whole, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
