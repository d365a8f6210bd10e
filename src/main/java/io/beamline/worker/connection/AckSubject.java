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
  private static final int DELIVERIES_INDEX = 4;
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

  /**
   * Returns how often a message was delivered, this time included. Returns 0 if its reply subject
   * does not say it, or there is none. Allocates nothing, because each delivery comes here.
   */
  public static long deliveries(@Nullable String subject) {
    if (subject == null || !matches(subject)) {
      return 0;
    }
    int tokens = 1 + dots(subject);
    if (tokens < SHORT_FORM_TOKENS) {
      return 0;
    }
    int from = 0;
    for (int index = DELIVERIES_INDEX + shift(tokens); index > 0; index--) {
      from = subject.indexOf('.', from) + 1;
    }
    return number(subject, from, subject.indexOf('.', from));
  }

  private static int dots(String subject) {
    int dots = 0;
    for (int i = 0; i < subject.length(); i++) {
      if (subject.charAt(i) == '.') {
        dots++;
      }
    }
    return dots;
  }

  private static long number(String text, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || number > Integer.MAX_VALUE) {
        return 0;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  /** Returns the message's sequence number in its stream, or null if the subject has none. */
  public @Nullable String sequence() {
    return tokens.size() < SHORT_FORM_TOKENS
        ? null
        : tokens.get(SEQUENCE_INDEX + shift(tokens.size()));
  }

  /** Returns the wildcard for all deliveries of the same consumer. */
  String ofWholeConsumer() {
    int end = Math.min(CONSUMER_INDEX + shift(tokens.size()) + 1, tokens.size());
    return String.join(".", tokens.subList(0, end)) + ".>";
  }

  private static int shift(int tokens) {
    return tokens < LONG_FORM_TOKENS ? 0 : LONG_FORM_TOKENS - SHORT_FORM_TOKENS;
  }
}
