package io.beamline.worker.observability.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.observability.tracing.AssignmentTrace.DeliveryEnd;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class OpenTelemetryTracingTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String SAMPLED = "00-" + TRACE + "-" + SPAN + "-01";
  private static final String UNSAMPLED = "00-" + TRACE + "-" + SPAN + "-00";
  private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";
  private static final String SHARE = "management.tracing.sampling.probability";

  private final List<SpanData> ended = new ArrayList<>();
  private final Tracer tracer =
      SdkTracerProvider.builder()
          .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
          .addSpanProcessor(SimpleSpanProcessor.create(new Kept(ended)))
          .build()
          .get("test");
  private final Tracing tracing = new OpenTelemetryTracing(tracer, "workers");
  private final ClientSpans clients = new OpenTelemetryClientSpans(tracer);

  @Test
  void aRedeliveryIsLinkedToTheMessageAndStaysInItsTrace() {
    tracing.received("assign", SAMPLED, 10, 3).close(DeliveryEnd.HANDED_BACK);

    SpanData span = ended.getFirst();
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(SPAN);
    assertThat(span.getLinks()).hasSize(1);
    assertThat(span.getLinks().getFirst().getSpanContext().getSpanId()).isEqualTo(SPAN);
    assertThat(span.getAttributes().asMap().toString())
        .contains("beamline.delivery.count=3", "beamline.delivery.end=handed_back");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "nonsense", "00-0-0-01", "00-" + TRACE + "-" + SPAN})
  void withoutAValidContextATraceBegins(String traceparent) {
    AssignmentTrace trace = tracing.received("assign", traceparent, 0, 2);
    trace.close(DeliveryEnd.ANSWERED);

    SpanData span = ended.getFirst();
    assertThat(span.getParentSpanId()).isEqualTo(SpanId.getInvalid());
    assertThat(span.getLinks()).isEmpty();
    assertThat(trace.traceId()).isEqualTo(span.getTraceId()).matches("[0-9a-f]{32}");
  }

  @Test
  void whatTheRouterDoesNotSampleIsAsIfTracingWereOff() {
    AssignmentTrace trace = tracing.received("assign", UNSAMPLED, 0, 1);

    assertThat(trace).isSameAs(AssignmentTrace.OFF);
    try (AttemptTrace attempt = trace.attempt(1, "echo", 0, null);
        ClientSpan request = clients.http("GET", "host", 80)) {
      assertThat(attempt.traceparent()).isNull();
      assertThat(request.traceparent(UNSAMPLED)).isEqualTo(UNSAMPLED);
    }
    trace.close(DeliveryEnd.ANSWERED);
    assertThat(ended).isEmpty();
  }

  @Test
  void clientsBelongToTheAttemptOfTheirThread() {
    AssignmentTrace trace = tracing.received("assign", SAMPLED, 0, 1);
    try (AttemptTrace attempt = trace.attempt(2, "sql.query", 150, "sql:main")) {
      try (ClientSpan query = clients.sql("postgresql", "main")) {
        query.failed(StepError.of(ErrorCode.EXECUTION_FAILED, "The statement failed"));
      }
      attempt.cut("ended");
    }
    assertThat(Context.current()).isSameAs(Context.root());
    trace.attempted(2);
    trace.ended("timeout", StepError.of(ErrorCode.CANCELLED_BY_TIMEOUT, "Too late", Map.of()));
    trace.close(DeliveryEnd.ANSWERED);

    assertThat(ended)
        .extracting(SpanData::getName)
        .containsExactly("query main", "attempt sql.query", "receive assign");
    assertThat(ended.get(0).getParentSpanId()).isEqualTo(ended.get(1).getSpanId());
    assertThat(ended.get(1).getParentSpanId()).isEqualTo(ended.get(2).getSpanId());
    assertThat(ended).allMatch(span -> span.getStatus().getStatusCode() == StatusCode.ERROR);
    assertThat(ended.get(1).getAttributes().asMap().toString())
        .contains("beamline.waited_ms=150", "beamline.destination=sql:main", "error.type=ended");
    assertThat(ended.get(2).getAttributes().asMap().toString())
        .contains("error.type=CANCELLED_BY_TIMEOUT", "beamline.status=timeout");
  }

  @Test
  void aRequestThatIsCutAndAnAttemptThatIsClosedTwiceEndOnce() {
    AssignmentTrace trace = tracing.received("assign", SAMPLED, 0, 1);
    try (AttemptTrace attempt = trace.attempt(1, "http.request", 0, null)) {
      clients.nats("orders.of.tenant").close();
      try (ClientSpan request = clients.http("GET", "host", 80)) {
        request.status(200);
        request.answered();
      }
      attempt.close();
      assertThat(Context.current()).isSameAs(Context.root());
    }
    trace.rejected("queue_full");
    trace.close(DeliveryEnd.ANSWERED);
    trace.close(DeliveryEnd.HANDED_BACK);

    assertThat(ended)
        .extracting(SpanData::getName)
        .containsExactly("request", "GET", "attempt http.request", "receive assign");
    assertThat(ended.get(0).getAttributes().asMap().toString()).contains("error.type=cut");
    assertThat(ended.get(1).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(ended.get(3).getAttributes().asMap().toString())
        .contains("error.type=queue_full", "beamline.status=rejected", "delivery.end=answered");
  }

  @Test
  void aSpanThatCannotEndHarmsNobody() {
    Tracer failing =
        SdkTracerProvider.builder().addSpanProcessor(new FailingProcessor()).build().get("failing");
    AssignmentTrace trace =
        new OpenTelemetryTracing(failing, "workers").received("assign", SAMPLED, 0, 1);
    List<String> done = new ArrayList<>();
    trace.publishes("result", 7).endingBefore(() -> done.add("stored")).run();
    try (AttemptTrace attempt = trace.attempt(1, "echo", 0, null)) {
      attempt.cut("died");
    }
    trace.close(DeliveryEnd.ANSWERED);
    assertThat(done).containsExactly("stored");
    assertThat(Context.current()).isSameAs(Context.root());
  }

  @Test
  void aSpanOfAPublicationEndsBeforeWhatFollows() {
    List<String> order = new ArrayList<>();
    AssignmentTrace trace = tracing.received("assign", SAMPLED, 0, 1);
    Runnable confirmed =
        trace.publishes("result", 7).endingBefore(() -> order.add("after " + ended.size()));
    assertThat(ended).isEmpty();
    confirmed.run();
    assertThat(order).containsExactly("after 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "collector:4318",
        "http://me:word@collector",
        "ftp://collector/v1/traces",
        "http://",
        "no url"
      })
  void anEndpointMustBeAnUrl(String endpoint) {
    MockEnvironment environment = new MockEnvironment().withProperty(ENDPOINT, endpoint);
    assertThat(TracingSwitch.isOn(environment)).isTrue();
    assertThatThrownBy(() -> TracingSwitch.check(environment))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessageContaining(ENDPOINT)
        .hasMessageContaining("an http or https URL");
  }

  @ParameterizedTest
  @CsvSource({
    "management.opentelemetry.enabled, false",
    "management.tracing.export.enabled, false",
    "management.tracing.export.otlp.enabled, false",
    "management.opentelemetry.tracing.export.otlp.transport, grpc"
  })
  void whatIsSwitchedOffElsewhereIsOff(String name, String value) {
    MockEnvironment environment =
        new MockEnvironment().withProperty(ENDPOINT, "http://c").withProperty(name, value);
    assertThat(TracingSwitch.isOn(environment)).isFalse();
    assertThat(TracingSwitch.isOfOtherProtocol(environment)).isEqualTo(value.equals("grpc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1", "-0.1", "10%", "NaN"})
  void aShareMustBeAShare(String share) {
    MockEnvironment environment =
        new MockEnvironment().withProperty(ENDPOINT, "https://c").withProperty(SHARE, share);
    assertThatThrownBy(() -> TracingSwitch.check(environment))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessageContaining(SHARE);
  }

  @Test
  void thePasswordOfAnEndpointIsNotShown() {
    MockEnvironment environment =
        new MockEnvironment().withProperty(ENDPOINT, "tcp://me:secret@collector");
    assertThatThrownBy(() -> TracingSwitch.check(environment))
        .hasMessageContaining("collector")
        .hasMessageNotContaining("secret");
  }

  @Test
  void withoutAnEndpointNothingOfSpringBootsTracingIsThere() {
    TracingFilter filter = new TracingFilter();
    filter.setEnvironment(new MockEnvironment().withProperty(ENDPOINT, " "));
    String boot = "org.springframework.boot.";
    String[] all = {
      boot + "opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
      boot + "micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration",
      boot + "webmvc.autoconfigure.WebMvcAutoConfiguration"
    };
    assertThat(filter.match(all)).containsExactly(false, false, true);
    filter.setEnvironment(new MockEnvironment().withProperty(ENDPOINT, "http://c"));
    assertThat(filter.match(all)).containsExactly(true, false, true);
    assertThat(filter.match(boot + "micrometer.tracing.autoconfigure.TracingProperties"))
        .containsExactly(true);
  }

  /** Has no memory left when a span ends. */
  private static final class FailingProcessor implements SpanProcessor {

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      throw new OutOfMemoryError("of the test");
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }

  /** Keeps what is exported. */
  private record Kept(List<SpanData> spans) implements SpanExporter {

    @Override
    public CompletableResultCode export(Collection<SpanData> exported) {
      spans.addAll(exported);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
