package io.beamline.worker.observability.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.beamline.worker.config.LogFormat;
import io.beamline.worker.config.WorkerProperties;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.core.env.Environment;

/**
 * The log format of contract section 11: one JSON object per line, or text for people. If a field
 * cannot be written, the line is written without fields. Thread-safe.
 */
final class WorkerLogFormat implements StructuredLogFormatter<ILoggingEvent> {

  private static final String SETTING = "worker.log.format";

  private final Timestamps timestamps = new Timestamps();
  private final String workerId;
  private final boolean text;

  /** Used by logback-spring.xml. */
  WorkerLogFormat(Environment environment) {
    this(
        WorkerProperties.idOf(environment.getProperty("worker.id", "")),
        isText(environment.getProperty(SETTING, "").strip(), isTerminal()));
  }

  WorkerLogFormat(String workerId, boolean text) {
    this.workerId = workerId;
    this.text = text;
  }

  /**
   * Returns whether lines are text. A value that is none is refused when the settings are bound;
   * until then it means {@code auto}.
   */
  static boolean isText(String setting, boolean terminal) {
    return setting.equalsIgnoreCase(LogFormat.TEXT.name())
        || (terminal && !setting.equalsIgnoreCase(LogFormat.JSON.name()));
  }

  /** Only a console that the worker itself has asked for says whether there is a terminal. */
  @SuppressWarnings("SystemConsoleNull") // the property brings null back
  private static boolean isTerminal() {
    return System.getProperty("jdk.console", "").equals("java.base") && System.console() != null;
  }

  @Override
  public String format(ILoggingEvent event) {
    try {
      return text ? TextLine.of(timestamps.format(event.getInstant()), event) : line(event);
    } catch (RuntimeException e) {
      return fallback(event, e);
    }
  }

  private String line(ILoggingEvent event) {
    LogFields fields = new LogFields(event);
    JsonLine line = start(event).field("message", event.getFormattedMessage());
    for (String name : LogFields.TOP_LEVEL) {
      Object value = fields.topLevel(name);
      if (value != null) {
        line.field(name, value);
      }
    }
    line.open("context").field("worker_id", workerId);
    line.field("logger", event.getLoggerName()).field("thread", event.getThreadName());
    fields.context().forEach(line::field);
    if (event.getThrowableProxy() != null) {
      LoggedException.write(line, event.getThrowableProxy());
    }
    return line.close().close() + "\n";
  }

  /** Formats the event without its fields, one of which failed: a map that changes, for example. */
  private String fallback(ILoggingEvent event, RuntimeException failure) {
    return start(event)
            .field("message", event.getMessage())
            .open("context")
            .field("worker_id", workerId)
            .field("format_failure", failure.getClass().getName())
            .close()
            .close()
        + "\n";
  }

  private JsonLine start(ILoggingEvent event) {
    return new JsonLine()
        .open()
        .field("timestamp", timestamps.format(event.getInstant()))
        .field("level", event.getLevel().toString())
        .field("component", "worker");
  }
}
