package io.beamline.worker.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A collector of traces that takes OTLP over HTTP, and decodes what it gets. Thread-safe. */
public final class TraceReceiver implements AutoCloseable {

  private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean hanging;
  private volatile boolean discarding;

  private TraceReceiver(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::receive);
    server.start();
  }

  /** Starts one on a free port. */
  public static TraceReceiver start() {
    try {
      return new TraceReceiver(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address without the path, as in {@code OTEL_EXPORTER_OTLP_ENDPOINT}. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Takes requests from now on, and answers none of them. */
  public void hang() {
    hanging = true;
  }

  /** Decodes nothing from now on: what it costs would count in a measurement. */
  public TraceReceiver discard() {
    discarding = true;
    return this;
  }

  /** How many exports came. */
  public int requests() {
    return requests.get();
  }

  /** All spans that came. */
  public List<ReceivedSpan> spans() {
    return List.copyOf(spans);
  }

  /** The spans of one trace. */
  public List<ReceivedSpan> trace(String traceId) {
    return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      requests.incrementAndGet();
      ExportTraceServiceRequest request =
          discarding
              ? ExportTraceServiceRequest.getDefaultInstance()
              : ExportTraceServiceRequest.parseFrom(body);
      if (hanging) {
        released.await();
        return;
      }
      request
          .getResourceSpansList()
          .forEach(
              resource ->
                  resource
                      .getScopeSpansList()
                      .forEach(
                          scope ->
                              scope
                                  .getSpansList()
                                  .forEach(
                                      span ->
                                          spans.add(
                                              ReceivedSpan.of(
                                                  span,
                                                  attributes(
                                                      resource
                                                          .getResource()
                                                          .getAttributesList()))))));
      exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> attributes(List<KeyValue> values) {
    return values.stream()
        .collect(Collectors.toMap(KeyValue::getKey, value -> text(value.getValue())));
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case INT_VALUE -> String.valueOf(value.getIntValue());
      case BOOL_VALUE -> String.valueOf(value.getBoolValue());
      case DOUBLE_VALUE -> String.valueOf(value.getDoubleValue());
      default -> value.getStringValue();
    };
  }

  @Override
  public void close() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  /**
   * A span as it came.
   *
   * @param parent the id of its parent; empty for none
   * @param links the ids of the spans that it is linked to
   * @param error whether its status is an error
   * @param resource the attributes of who made it
   */
  public record ReceivedSpan(
      String traceId,
      String id,
      String parent,
      String name,
      String kind,
      long startNanos,
      long endNanos,
      boolean error,
      Map<String, String> attributes,
      List<String> links,
      Map<String, String> resource) {

    private static ReceivedSpan of(Span span, Map<String, String> resource) {
      HexFormat hex = HexFormat.of();
      return new ReceivedSpan(
          hex.formatHex(span.getTraceId().toByteArray()),
          hex.formatHex(span.getSpanId().toByteArray()),
          hex.formatHex(span.getParentSpanId().toByteArray()),
          span.getName(),
          span.getKind().name().replace("SPAN_KIND_", ""),
          span.getStartTimeUnixNano(),
          span.getEndTimeUnixNano(),
          span.getStatus().getCodeValue() == 2,
          TraceReceiver.attributes(span.getAttributesList()),
          span.getLinksList().stream()
              .map(link -> hex.formatHex(link.getSpanId().toByteArray()))
              .toList(),
          resource);
    }

    /** An attribute; empty if it is not there. */
    public String attribute(String name) {
      return attributes.getOrDefault(name, "");
    }
  }
}
