package io.beamline.worker.block.nats;

import io.beamline.worker.connection.SubjectFilter;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Matches destinations of requests over NATS, such as {@code nats:orders.price}, by a subject that
 * may have wildcards. Immutable.
 *
 * @param pattern the subject
 */
public record SubjectMatch(String pattern) implements Predicate<String> {

  private static final String SCHEME = "nats:";

  /** Parses {@code nats:} and a subject. Returns null if the text is not that. */
  public static @Nullable SubjectMatch parse(String text) {
    if (!text.startsWith(SCHEME)) {
      return null;
    }
    String pattern = text.substring(SCHEME.length());
    return SubjectSyntax.isPattern(pattern) ? new SubjectMatch(pattern) : null;
  }

  /** Returns whether a text is the name of such a destination. */
  public static boolean isName(String text) {
    return text.startsWith(SCHEME) && SubjectSyntax.isSubject(text.substring(SCHEME.length()));
  }

  /** Returns the name of the destination of a subject. */
  static String name(String subject) {
    return SCHEME + subject;
  }

  @Override
  public boolean test(String destination) {
    return destination.startsWith(SCHEME)
        && SubjectFilter.matches(pattern, destination.substring(SCHEME.length()));
  }
}
