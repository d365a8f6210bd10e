package io.beamline.worker.observability.logging;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongConsumer;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Thins a storm of log lines of one kind to one line per interval, whose field {@code suppressed}
 * counts the lines left out before it (contract section 11). {@link #flush()} logs the last line
 * that was left out. Any thread may log. At most 1 000 kinds are kept apart; further ones share
 * one.
 */
public final class LogThrottle {

  private static final int MAX_KINDS = 1_000;
  private static final String FURTHER_KINDS = "further kinds";

  private final ConcurrentMap<String, Kind> kinds = new ConcurrentHashMap<>();
  private final TimeSource time;
  private final long intervalNanos;

  /** A throttle that lets one line of each kind through per interval. */
  public LogThrottle(TimeSource time, Duration interval) {
    this.time = time;
    this.intervalNanos = interval.toNanos();
  }

  /** As {@link #log(String, LoggingEventBuilder, String)}, with the message as the kind. */
  public void log(LoggingEventBuilder line, String message) {
    log(message, line, message);
  }

  /**
   * Logs a line, or leaves it out because one of its kind was logged less than an interval ago.
   *
   * @param kind what the line is about, one of few
   * @param line the level and the fields; the caller no longer uses it
   * @param message what the line says
   */
  public void log(String kind, LoggingEventBuilder line, String message) {
    kindOf(kind).log(left -> (left > 0 ? line.addKeyValue("suppressed", left) : line).log(message));
  }

  /** Logs the last line that was left out of each kind, if any was; called every 10 s. */
  public void flush() {
    kinds.values().forEach(Kind::flush);
  }

  private Kind kindOf(String name) {
    Kind kind = kinds.get(name);
    if (kind != null) {
      return kind;
    }
    String bounded = kinds.size() < MAX_KINDS ? name : FURTHER_KINDS;
    return kinds.computeIfAbsent(bounded, any -> new Kind());
  }

  /** What is known of one kind. */
  private final class Kind {

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

    /** How many lines were left out before this one, or -1 when this one is left out too. */
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
