package io.beamline.worker.block.http;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.ClientCall;
import io.beamline.worker.block.InputPlace;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.http.HttpLimits.Limit;
import io.beamline.worker.block.http.RequestProgress.PhaseStart;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.WebClientException;

/**
 * The {@code http.request} block (contract section 4). The calling thread waits for the exchange
 * and enforces every limit itself, so a server that hangs cannot hold it. Thread-safe.
 */
final class HttpRequestBlock implements Block {

  private static final BlockType TYPE =
      new BlockType("http.request", List.of("http"), ResourcePool.IO);

  private final Supplier<HttpExchange> exchanges;
  private final DestinationRules rules;
  private final @Nullable HttpProxy proxy;
  private final ClientSpans spans;
  private final TimeSource time;

  /**
   * Creates the block.
   *
   * @param exchanges returns always the same exchange; asked by the first request
   * @param proxy the proxy that the exchange uses; null for none
   */
  HttpRequestBlock(
      Supplier<HttpExchange> exchanges,
      DestinationRules rules,
      @Nullable HttpProxy proxy,
      ClientSpans spans,
      TimeSource time) {
    this.exchanges = exchanges;
    this.rules = rules;
    this.proxy = proxy;
    this.spans = spans;
    this.time = time;
  }

  @Override
  public BlockType type() {
    return TYPE;
  }

  @Override
  public @Nullable String destination(BlockCall call) {
    String url = call.text("url");
    try {
      return url == null ? null : TargetUrl.parse(url).origin();
    } catch (StepFailure e) {
      return null;
    }
  }

  @Override
  public InputPlace place(String input) {
    return switch (input) {
      case "url" -> InputPlace.URL;
      case "method" -> InputPlace.FIXED;
      case "headers" -> InputPlace.HEADER;
      default -> InputPlace.PLAIN;
    };
  }

  @Override
  public ErrorCode unavailable() {
    return ErrorCode.HTTP_ERROR;
  }

  @Override
  public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    HttpRequest request = RequestReader.read(call);
    Target target = request.target();
    if (rules.refusesName(request.url().host(), request.url().port())) {
      throw HttpFailures.refused(target);
    }
    HttpExchange exchange = exchanges.get();
    HttpLimits limits = new HttpLimits(call.timeouts(), call.deadline(), time.nanos());
    return ClientCall.within(
            spans.http(request.method(), request.url().host(), request.url().port()),
            span -> {
              HttpResponse response =
                  exchange(exchange, request.traced(span.traceparent(call.traceparent())), limits);
              if (isOfProxy(request, response)) {
                throw HttpFailures.ofProxy(ProxyFailedException.refused(response.status()), target);
              }
              span.status(response.status());
              if (!response.successful()) {
                throw StatusFailures.of(response, target, time.epochMillis());
              }
              return response;
            })
        .outputs();
  }

  /** A proxy that sends the request itself answers in place of the server. */
  private boolean isOfProxy(HttpRequest request, HttpResponse response) {
    return proxy != null
        && ProxyFailedException.isLoginRequired(response.status())
        && proxy.sendsRequests(request.url().uri().getScheme());
  }

  private HttpResponse exchange(HttpExchange exchange, HttpRequest request, HttpLimits limits)
      throws StepFailure, InterruptedException {
    RequestProgress progress = new RequestProgress(time);
    nextCheck(limits, progress, request.target());
    CompletableFuture<@Nullable HttpResponse> response =
        exchange.send(request, progress).toFuture();
    try {
      return await(response, limits, progress, request.target());
    } catch (ExecutionException e) {
      throw failure(Objects.requireNonNullElse(e.getCause(), e), progress, request.target());
    } finally {
      if (response.cancel(true)) {
        progress.abort();
      }
    }
  }

  /** Waits for the response, and wakes up only when a limit may have expired. */
  private HttpResponse await(
      CompletableFuture<@Nullable HttpResponse> response,
      HttpLimits limits,
      RequestProgress progress,
      Target target)
      throws StepFailure, InterruptedException, ExecutionException {
    while (true) {
      long wait = nextCheck(limits, progress, target).toNanos();
      try {
        return Objects.requireNonNull(response.get(wait, TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        // The next check decides whether the limit of the current phase was exceeded.
      }
    }
  }

  /**
   * Returns how long to wait until the next check.
   *
   * @throws StepFailure if a limit was exceeded
   */
  private Duration nextCheck(HttpLimits limits, RequestProgress progress, Target target)
      throws StepFailure {
    PhaseStart phase = progress.phase();
    long now = time.nanos();
    Limit limit = limits.earliest(phase, now);
    if (!limit.left().isPositive()) {
      Duration elapsed = Duration.ofNanos(now - limits.startNanos());
      throw HttpFailures.timedOut(limit, elapsed, target);
    }
    return limits.nextCheck(limit);
  }

  /**
   * Returns the failure for an exception, or rethrows an unknown one without the client's wrapper,
   * whose message contains the URL.
   */
  private static StepFailure failure(Throwable cause, RequestProgress progress, Target target) {
    StepFailure known = HttpFailures.of(cause, target);
    if (known != null) {
      return known;
    }
    Throwable bare =
        cause instanceof WebClientException && cause.getCause() != null ? cause.getCause() : cause;
    if (progress.phase().phase() == Phase.WAITING) {
      StepFailure unconnected = HttpFailures.withoutConnection(bare, target);
      if (unconnected != null) {
        return unconnected;
      }
    }
    if (bare instanceof Error error) {
      throw error;
    }
    throw bare instanceof RuntimeException defect ? defect : new IllegalStateException(bare);
  }
}
