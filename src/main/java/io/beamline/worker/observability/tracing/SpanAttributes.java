package io.beamline.worker.observability.tracing;

import io.beamline.worker.contract.StepError;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of spans: those of OpenTelemetry's semantic conventions, and the worker's own,
 * which begin with {@code beamline.}. Stateless.
 */
final class SpanAttributes {

  static final AttributeKey<String> GROUP = AttributeKey.stringKey("messaging.consumer.group.name");
  static final AttributeKey<Long> MESSAGE_SIZE =
      AttributeKey.longKey("messaging.message.body.size");
  static final AttributeKey<Long> DELIVERY_COUNT = AttributeKey.longKey("beamline.delivery.count");
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  static final AttributeKey<Long> HTTP_STATUS = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<String> STATUS = AttributeKey.stringKey("beamline.status");
  static final AttributeKey<Boolean> RETRYABLE = AttributeKey.booleanKey("beamline.retryable");

  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
  private static final AttributeKey<String> OPERATION =
      AttributeKey.stringKey("messaging.operation.name");
  private static final AttributeKey<String> OPERATION_TYPE =
      AttributeKey.stringKey("messaging.operation.type");
  private static final AttributeKey<String> SUBJECT =
      AttributeKey.stringKey("messaging.destination.name");

  private SpanAttributes() {}

  /**
   * Says that a span is about a message.
   *
   * @param operation what the worker does with it
   * @param type the convention's word for that
   */
  static void message(Span span, String operation, String type, String subject) {
    span.setAttribute(SYSTEM, "nats");
    span.setAttribute(OPERATION, operation);
    span.setAttribute(OPERATION_TYPE, type);
    span.setAttribute(SUBJECT, subject);
  }

  /** Sets an attribute if there is a value. */
  static void put(Span span, String name, @Nullable String value) {
    if (value != null) {
      span.setAttribute(name, value);
    }
  }

  /** Ends a span. What goes wrong with that harms nobody else: it never throws. */
  static void end(Span span) {
    try {
      span.end();
    } catch (RuntimeException | Error e) {
      // The span is lost, as it is when the collector is away.
    }
  }

  /** Says that a span failed. The message of an error has nothing of a payload. */
  static void fail(Span span, StepError error) {
    span.setStatus(StatusCode.ERROR, error.message());
    span.setAttribute(ERROR_TYPE, error.code().name());
    Integer status = error.httpStatus();
    if (status != null) {
      span.setAttribute(HTTP_STATUS, status.longValue());
    }
  }
}
