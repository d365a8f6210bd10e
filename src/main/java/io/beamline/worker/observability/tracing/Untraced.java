package io.beamline.worker.observability.tracing;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.StepError;
import org.jspecify.annotations.Nullable;

/** All that is traced while tracing is off: nothing. */
enum Untraced
    implements Tracing, AssignmentTrace, AttemptTrace, PublicationTrace, ClientSpans, ClientSpan {
  INSTANCE;

  @Override
  public boolean isOn() {
    return false;
  }

  @Override
  public AssignmentTrace received(
      String subject, @Nullable String traceparent, int bytes, long deliveries) {
    return this;
  }

  @Override
  public boolean isRecording() {
    return false;
  }

  @Override
  public @Nullable String traceparent() {
    return null;
  }

  @Override
  public @Nullable String traceId() {
    return null;
  }

  @Override
  public void identified(AssignmentIdentity identity) {}

  @Override
  public void accepted(boolean advancedRetry, boolean completeTimeout, boolean circuitBreaker) {}

  @Override
  public AttemptTrace attempt(
      int number, String stepType, long waitedMs, @Nullable String destination) {
    return this;
  }

  @Override
  public PublicationTrace publishes(String subject, long bytes) {
    return this;
  }

  @Override
  public void attempted(int attempts) {}

  @Override
  public void ended(String status, @Nullable StepError error) {}

  @Override
  public void rejected(String reason) {}

  @Override
  public void close(DeliveryEnd end) {}

  @Override
  public void failed(StepError error) {}

  @Override
  public void cut(String why) {}

  @Override
  public Runnable endingBefore(Runnable confirmed) {
    return confirmed;
  }

  @Override
  public ClientSpan http(String method, String host, int port) {
    return this;
  }

  @Override
  public ClientSpan sql(String system, String datasource) {
    return this;
  }

  @Override
  public ClientSpan nats(String subject) {
    return this;
  }

  @Override
  public @Nullable String traceparent(@Nullable String otherwise) {
    return otherwise;
  }

  @Override
  public void status(int status) {}

  @Override
  public void answered() {}

  @Override
  public void close() {}
}
