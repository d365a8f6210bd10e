package io.beamline.worker.connection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reply subject of a delivery, to which the worker acknowledges. It has one of two forms:
 * {@code $JS.ACK.stream.consumer.delivered.sequence.…}, and {@code $JS.ACK.domain.account.stream.…}
 * with two more tokens. Immutable.
 */
public final class AckSubject {

  private static final String PREFIX = "$JS.ACK.";
  private static final int SHORT_FORM_TOKENS = 9;
  private static final int LONG_FORM_TOKENS = 11;
  private static final int CONSUMER_INDEX = 3;
  private static final int SEQUENCE_INDEX = 5;

  private final List<String> tokens;

  /** Reads a subject, of whatever form. */
  public AckSubject(String subject) {
    tokens = List.of(subject.split("\\.", -1));
  }

  /** Returns whether a subject is one to acknowledge to. */
  static boolean matches(String subject) {
    return subject.startsWith(PREFIX);
  }

  /** Returns the message's sequence number in its stream, or null if the subject has none. */
  public @Nullable String sequence() {
    return tokens.size() < SHORT_FORM_TOKENS ? null : tokens.get(SEQUENCE_INDEX + shift());
  }

  /** Returns the wildcard for all deliveries of the same consumer. */
  String ofWholeConsumer() {
    int end = Math.min(CONSUMER_INDEX + shift() + 1, tokens.size());
    return String.join(".", tokens.subList(0, end)) + ".>";
  }

  private int shift() {
    return tokens.size() < LONG_FORM_TOKENS ? 0 : LONG_FORM_TOKENS - SHORT_FORM_TOKENS;
  }
}
