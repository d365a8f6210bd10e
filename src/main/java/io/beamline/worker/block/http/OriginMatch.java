package io.beamline.worker.block.http;

import io.beamline.worker.block.StepFailure;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Matches origins, such as {@code https://api.example.org:443}, by a pattern of hosts as in {@code
 * allowed-hosts}. An address or network matches URLs that are written with an address. Immutable.
 */
public final class OriginMatch implements Predicate<String> {

  private static final String AFTER_SCHEME = "://";

  private final HostPattern pattern;

  private OriginMatch(HostPattern pattern) {
    this.pattern = pattern;
  }

  /** Parses a pattern. Returns null if the text is none. */
  public static @Nullable OriginMatch parse(String text) {
    HostPattern pattern = HostPattern.parse(text);
    return pattern == null ? null : new OriginMatch(pattern);
  }

  /**
   * Returns the origin of a URL in the form in which steps name it. Returns null if the text is no
   * absolute http or https URL.
   */
  public static @Nullable String canonical(String url) {
    try {
      return TargetUrl.parse(url).origin();
    } catch (StepFailure e) {
      return null;
    }
  }

  @Override
  public boolean test(String origin) {
    int start = origin.indexOf(AFTER_SCHEME);
    if (start < 0) {
      return false;
    }
    HostAndPort parts =
        HostAndPort.split(origin.substring(start + AFTER_SCHEME.length()), HostPattern.ANY_PORT);
    return parts != null
        && pattern.matches(parts.host(), parts.port(), Addresses.literal(parts.host()));
  }
}
