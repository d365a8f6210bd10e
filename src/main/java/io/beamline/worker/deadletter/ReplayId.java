package io.beamline.worker.deadletter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Names the replays of a stream's letters. A letter has one name for ever, whoever asks and
 * whenever, and no two letters share one: a stream that was made anew counts from one again, so its
 * creation time is part of it. Pure.
 *
 * @param stream the stream's name
 * @param created when it was made
 */
record ReplayId(String stream, Instant created) {

  private static final int DIGEST_BYTES = 10;

  /** The {@code assignment_id} of a letter's replay: printable, shorter than 128 characters. */
  String assignmentId(long sequence) {
    String place = stream + '\n' + created + '\n' + sequence;
    return "replay-" + sequence + '-' + digest(place);
  }

  /** The key of a letter in the replay log. */
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
