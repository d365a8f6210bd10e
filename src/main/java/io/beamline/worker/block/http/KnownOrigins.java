package io.beamline.worker.block.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The origins of valid URLs, as they were written. Most steps ask the same few servers, and to
 * check a host takes longer than all else that a URL needs. Nothing that may change is kept:
 * whether a worker may connect to a host is decided at each request. Thread-safe.
 */
final class KnownOrigins {

  /** When there are so many, all are forgotten: somebody asks another server each time. */
  static final int MOST = 1_000;

  private static final int LONGEST = 300;
  private static final String SEPARATOR = "://";

  private final Map<String, UrlOrigin> known = new ConcurrentHashMap<>();

  /** Returns the origin of a URL, or null if it is not known. */
  @Nullable UrlOrigin find(String url) {
    int scheme = url.indexOf(SEPARATOR);
    if (scheme < 0) {
      return null;
    }
    int end = scheme + SEPARATOR.length();
    while (end < url.length() && isOfAuthority(url.charAt(end))) {
      end++;
    }
    return end > LONGEST ? null : known.get(url.substring(0, end));
  }

  private static boolean isOfAuthority(char character) {
    return character != '/' && character != '?' && character != '#';
  }

  /** Keeps an origin, unless it is unusually long. */
  void remember(String written, UrlOrigin origin) {
    if (written.length() > LONGEST) {
      return;
    }
    if (known.size() >= MOST) {
      known.clear();
    }
    known.put(written, origin);
  }

  /** Returns how many are kept; for tests. */
  int count() {
    return known.size();
  }
}
