package io.beamline.worker.observability.logging;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongConsumer;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Limits log lines to one per interval and kind (contract section 11). Its field {@code suppressed}
 * counts the lines that were left out before it. {@link #flush()} logs the last line that was left
 * out. At most 1 000 kinds are distinguished; further kinds share one. Thread-safe.
 */
public final class LogThrottle {

  private static final int MAX_KINDS = 1_000;
  private static final String FURTHER_KINDS = "further kinds";

  private final ConcurrentMap<String, ThrottledLines> kinds = new ConcurrentHashMap<>();
  private final TimeSource time;
  private final long intervalNanos;

  /** Allows one line of each kind per interval. */
  public LogThrottle(TimeSource time, Duration interval) {
    this.time = time;
    this.intervalNanos = interval.toNanos();
  }

  /** Logs a line whose kind is its message. */
  public void log(LoggingEventBuilder line, String message) {
    log(message, line, message);
  }

  /**
   * Logs a line, or leaves it out because one of its kind was logged less than an interval ago.
   *
   * @param kind the kind that is limited; a constant, not a text that varies
   * @param line the level and the fields; the caller must not use it afterwards
   * @param message the message
   */
  public void log(String kind, LoggingEventBuilder line, String message) {
    kindOf(kind).log(left -> (left > 0 ? line.addKeyValue("suppressed", left) : line).log(message));
  }

  /** Logs the last suppressed line of each kind. Called every 10 s. */
  public void flush() {
    kinds.values().forEach(ThrottledLines::flush);
  }

  private ThrottledLines kindOf(String name) {
    ThrottledLines kind = kinds.get(name);
    if (kind != null) {
      return kind;
    }
    String bounded = kinds.size() < MAX_KINDS ? name : FURTHER_KINDS;
    return kinds.computeIfAbsent(bounded, any -> new ThrottledLines());
  }

  /** The lines of one kind; its monitor guards all fields. */
  private final class ThrottledLines {

    private boolean written;
    private long writtenAtNanos;
    private long suppressed;
    private LongConsumer last = count -> {};

    void log(LongConsumer line) {
      long before = admit(line);
      if (before >= 0) {
        line.accept(before);
      }
    }

    void flush() {
      LongConsumer line;
      long before;
      synchronized (this) {
        if (suppressed == 0) {
          return;
        }
        line = last;
        before = take() - 1;
      }
      line.accept(before);
    }

    /**
     * Returns the number of lines suppressed before this one, or -1 if this one is suppressed too.
     */
    private synchronized long admit(LongConsumer line) {
      if (!due()) {
        suppressed++;
        last = line;
        return -1;
      }
      return take();
    }

    private boolean due() {
      return !written || time.nanos() - writtenAtNanos >= intervalNanos;
    }

    private long take() {
      long count = suppressed;
      suppressed = 0;
      last = ignored -> {};
      written = true;
      writtenAtNanos = time.nanos();
      return count;
    }
  }
}
