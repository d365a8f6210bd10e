package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.ReceivedRequest;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.TraceReceiver;
import io.beamline.worker.support.TraceReceiver.ReceivedSpan;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Traces from the Router through the worker to a server and back, seen by a real collector. */
class TracingIT {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String ROUTER_SPAN = "00f067aa0ba902b7";
  private static final String PARENT = "00-" + TRACE + "-" + ROUTER_SPAN + "-01";
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void oneTraceCrossesTheWorkerAndACollectorThatHangsHoldsNothingUp() throws Exception {
    try (NatsServer nats = NatsServer.start();
        TraceReceiver collector = TraceReceiver.start();
        MisbehavingHttpServer target = MisbehavingHttpServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        WorkerProcess worker =
            WorkerProcess.of(nats.url())
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
                .env("MANAGEMENT_TRACING_SAMPLING_PROBABILITY", "1.0")
                .env("MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_SCHEDULE_DELAY", "200ms")
                .allFlags(true)
                .start()) {
      target.then(Misbehaviour.answer(503, "down"), Misbehaviour.answer(200, "up"));
      Assignments step =
          Assignments.http(target.url("/hidden?token=hidden"))
              .header("traceparent", PARENT)
              .backoffMs(20);
      Answer answer = router.awaitResult(router.assign(step), SOON);
      assertThat(answer.status()).as(answer.toString()).isEqualTo("success");

      Awaitility.await().atMost(SOON).until(() -> collector.trace(TRACE).size() >= 7);
      List<ReceivedSpan> trace =
          collector.trace(TRACE).stream()
              .sorted(Comparator.comparingLong(ReceivedSpan::startNanos))
              .toList();
      ReceivedSpan received = only(trace, "receive caf.exec.assign.v1");
      assertThat(received.parent()).isEqualTo(ROUTER_SPAN);
      assertThat(received.kind()).isEqualTo("CONSUMER");
      assertThat(received.links()).isEmpty();
      assertThat(received.attributes())
          .containsEntry("messaging.system", "nats")
          .containsEntry("messaging.message.id", step.id())
          .containsEntry("messaging.consumer.group.name", "caf-workers")
          .containsEntry("beamline.tenant_id", "tenant-a")
          .containsEntry("beamline.step_type", "http.request")
          .containsEntry("beamline.flag.advanced_retry", "true")
          .containsEntry("beamline.status", "success")
          .containsEntry("beamline.attempts", "2")
          .containsEntry("beamline.delivery.end", "answered");
      assertThat(received.resource()).containsEntry("service.name", "beamline-worker");

      List<ReceivedSpan> attempts = named(trace, "attempt http.request");
      assertThat(attempts).hasSize(2).allMatch(span -> span.parent().equals(received.id()));
      ReceivedSpan failed = attempts.getFirst();
      assertThat(failed.error()).isTrue();
      assertThat(failed.attributes())
          .containsEntry("error.type", "HTTP_ERROR")
          .containsEntry("http.response.status_code", "503")
          .containsEntry("beamline.destination", target.url("").replaceAll("/$", ""))
          .containsEntry("beamline.waited_ms", "0");
      ReceivedSpan worked = attempts.getLast();
      assertThat(worked.error()).isFalse();
      assertThat(worked.attribute("beamline.attempt")).isEqualTo("2");
      assertThat(Integer.parseInt(worked.attribute("beamline.waited_ms"))).isBetween(1, 2_000);

      List<ReceivedSpan> requests = named(trace, "GET");
      assertThat(requests)
          .extracting(ReceivedSpan::parent)
          .containsExactly(failed.id(), worked.id());
      assertThat(requests).allMatch(span -> span.kind().equals("CLIENT"));
      assertThat(requests)
          .extracting(span -> span.attribute("http.response.status_code"))
          .containsExactly("503", "200");
      assertThat(target.requests())
          .extracting(request -> request.header("traceparent"))
          .containsExactly(
              "00-" + TRACE + "-" + requests.getFirst().id() + "-01",
              "00-" + TRACE + "-" + requests.getLast().id() + "-01");

      assertThat(trace.stream().filter(span -> span.name().startsWith("publish ")))
          .extracting(ReceivedSpan::name)
          .containsExactly("publish caf.exec.assign.v1.ack", "publish caf.exec.result.v1");
      assertThat(trace.stream().filter(span -> span.kind().equals("PRODUCER")))
          .allMatch(span -> span.parent().equals(received.id()));

      WireMessage result = answer.result().orElseThrow();
      assertThat(result.text("trace_id")).isEqualTo(TRACE);
      assertThat(result.header("traceparent"))
          .contains("00-" + TRACE + "-" + received.id() + "-01");
      assertThat(worker.log()).contains("\"trace_id\":\"" + TRACE + "\"");
      assertThat(openMetrics(worker)).contains("trace_id=\"" + TRACE + "\"");
      assertThat(worker.metric("worker_trace_spans_total", "outcome=\"exported\""))
          .isGreaterThanOrEqualTo(7);
      assertThat(collector.spans().toString()).doesNotContain("hidden", "/actuator");
      assertThat(worker.get(worker.managementUri("/actuator/health")).body())
          .contains("\"tracing\"", "\"spans_exported\"");

      String without = router.assign(Assignments.of("no.such.type"));
      router.awaitAck(without, SOON);
      Awaitility.await()
          .atMost(SOON)
          .until(
              () ->
                  collector.spans().stream()
                      .anyMatch(
                          span ->
                              span.attribute("messaging.message.id").equals(without)
                                  && span.attribute("beamline.status").equals("rejected")
                                  && span.error()));
      assertThat(worker.log()).doesNotContain("traceId");

      collector.hang();
      List<String> ids = router.assignAll(Stream.generate(Assignments::echo).limit(3_000).toList());
      router.awaitAll(ids, SOON);
      Awaitility.await()
          .atMost(SOON)
          .until(
              () ->
                  worker.metric("worker_trace_spans_total", "outcome=\"ended\"")
                      > worker.metric("worker_trace_spans_total", "outcome=\"exported\""));
      worker.sigterm();
      assertThat(worker.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
      router.assertClean();
    }
  }

  @Test
  void withoutTracingTheContextOfTheMessageGoesOn() throws Exception {
    try (NatsServer nats = NatsServer.start();
        MisbehavingHttpServer target = MisbehavingHttpServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        WorkerProcess worker = WorkerProcess.of(nats.url()).start()) {
      Assignments given = Assignments.http(target.url("/")).header("traceparent", PARENT);
      Answer answer = router.awaitResult(router.assign(given), SOON);
      assertThat(answer.result().orElseThrow().header("traceparent")).contains(PARENT);
      router.awaitResult(router.assign(Assignments.http(target.url("/"))), SOON);
      Assignments own =
          Assignments.http(target.url("/"))
              .header("traceparent", PARENT)
              .input("headers", Map.of("Traceparent", "of-the-job"));
      router.awaitResult(router.assign(own), SOON);

      assertThat(target.requests().stream().map(TracingIT::context).toList())
          .containsExactly(PARENT, "", "of-the-job");
      assertThat(worker.metrics()).doesNotContain("worker_trace_spans");
      router.assertClean();
    }
  }

  private static String context(ReceivedRequest request) {
    String value = request.header("traceparent");
    return value == null ? "" : value;
  }

  private static List<ReceivedSpan> named(List<ReceivedSpan> trace, String name) {
    return trace.stream().filter(span -> span.name().equals(name)).toList();
  }

  private static ReceivedSpan only(List<ReceivedSpan> trace, String name) {
    assertThat(named(trace, name)).hasSize(1);
    return named(trace, name).getFirst();
  }

  private static String openMetrics(WorkerProcess worker) throws Exception {
    URI uri = worker.managementUri("/actuator/prometheus");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(uri)
                  .header("Accept", "application/openmetrics-text; version=1.0.0")
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
