package io.beamline.worker.observability.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.beamline.worker.config.WorkerProperties;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.core.env.Environment;

/**
 * The log format of contract section 11: one JSON object per line. If a field cannot be written,
 * the line is written without fields. Thread-safe.
 */
final class WorkerLogFormat implements StructuredLogFormatter<ILoggingEvent> {

  private final Timestamps timestamps = new Timestamps();
  private final String workerId;

  /** Used by logback-spring.xml. */
  WorkerLogFormat(Environment environment) {
    this(WorkerProperties.idOf(environment.getProperty("worker.id", "")));
  }

  WorkerLogFormat(String workerId) {
    this.workerId = workerId;
  }

  @Override
  public String format(ILoggingEvent event) {
    try {
      return line(event);
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
