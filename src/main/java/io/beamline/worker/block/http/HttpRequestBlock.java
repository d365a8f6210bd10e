package io.beamline.worker.block.http;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.http.Attempt.PhaseStart;
import io.beamline.worker.block.http.HttpLimits.Limit;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.WebClientException;

/**
 * The {@code http.request} block (contract section 4). The calling thread waits for the exchange
 * and enforces every limit itself, so that nothing the server does, or leaves undone, can hold it.
 */
final class HttpRequestBlock implements Block {

  private static final BlockType TYPE =
      new BlockType("http.request", List.of("http"), ResourcePool.IO);

  private final HttpExchange exchange;
  private final DestinationRules rules;
  private final TimeSource time;

  HttpRequestBlock(HttpExchange exchange, DestinationRules rules, TimeSource time) {
    this.exchange = exchange;
    this.rules = rules;
    this.time = time;
  }

  @Override
  public BlockType type() {
    return TYPE;
  }

  @Override
  public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    HttpRequest request = RequestReader.read(call);
    Target target = request.target();
    if (rules.refusesName(request.url().host(), request.url().port())) {
      throw HttpFailures.refused(target);
    }
    HttpLimits limits = new HttpLimits(call.timeouts(), call.deadline(), time.nanos());
    HttpAnswer answer = exchange(request, limits);
    if (!answer.successful()) {
      throw StatusFailures.of(answer, target, time.epochMillis());
    }
    return answer.outputs();
  }

  private HttpAnswer exchange(HttpRequest request, HttpLimits limits)
      throws StepFailure, InterruptedException {
    Attempt attempt = new Attempt(time);
    nextLook(limits, attempt, request.target());
    CompletableFuture<@Nullable HttpAnswer> answer = exchange.send(request, attempt).toFuture();
    try {
      return await(answer, limits, attempt, request.target());
    } catch (ExecutionException e) {
      throw failure(Objects.requireNonNullElse(e.getCause(), e), attempt, request.target());
    } finally {
      if (answer.cancel(true)) {
        attempt.giveUp();
      }
    }
  }

  /** Wakes up for the answer and where a limit may have passed, not for each phase that begins. */
  private HttpAnswer await(
      CompletableFuture<@Nullable HttpAnswer> answer,
      HttpLimits limits,
      Attempt attempt,
      Target target)
      throws StepFailure, InterruptedException, ExecutionException {
    while (true) {
      long wait = nextLook(limits, attempt, target).toNanos();
      try {
        return Objects.requireNonNull(answer.get(wait, TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        // The next look tells whether the attempt has got further in time.
      }
    }
  }

  /** How long to wait for the answer alone; the failure of the limit that has passed. */
  private Duration nextLook(HttpLimits limits, Attempt attempt, Target target) throws StepFailure {
    PhaseStart step = attempt.step();
    long now = time.nanos();
    Limit limit = limits.first(step, now);
    if (!limit.left().isPositive()) {
      Duration elapsed = Duration.ofNanos(now - limits.startNanos());
      throw HttpFailures.cut(limit, elapsed, target);
    }
    return limits.nextLook(limit);
  }

  /** What is not known goes on as it is, without the client's wrapper, which names the URL. */
  private static StepFailure failure(Throwable cause, Attempt attempt, Target target) {
    StepFailure known = HttpFailures.of(cause, target);
    if (known != null) {
      return known;
    }
    Throwable bare =
        cause instanceof WebClientException && cause.getCause() != null ? cause.getCause() : cause;
    if (attempt.step().phase() == Phase.WAITING) {
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
