package io.beamline.worker.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * What the worker logs while this is open, in this JVM. The lines of the log's timer are left out:
 * they are about what was suppressed earlier, perhaps in another test. Thread-safe.
 */
public final class LogLines implements AutoCloseable {

  /** The names of the timer's threads begin so. */
  public static final String TIMER = "log-timer-";

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.beamline.worker");
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (!event.getThreadName().startsWith(TIMER)) {
            events.add(event);
          }
        }
      };

  /** Begins to listen. */
  public LogLines() {
    appender.setContext(logger.getLoggerContext());
    appender.start();
    logger.addAppender(appender);
  }

  /** Every line with all its values, at every level. */
  public List<String> all() {
    return events.stream().map(LogLines::line).toList();
  }

  /** The lines that are warnings or worse. */
  public List<String> warnings() {
    return events.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(LogLines::line)
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
  }

  private static String line(ILoggingEvent event) {
    String cause =
        event.getThrowableProxy() == null ? "" : " " + event.getThrowableProxy().getMessage();
    return event.getFormattedMessage() + " " + event.getKeyValuePairs() + cause;
  }
}
