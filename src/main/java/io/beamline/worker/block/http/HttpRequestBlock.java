package io.beamline.worker.block.http;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.http.Attempt.Step;
import io.beamline.worker.block.http.HttpLimits.Limit;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
    Step start = new Step(Phase.WAITING, limits.startNanos());
    left(limits, start, request.target());
    Attempt attempt = new Attempt(time);
    CompletableFuture<@Nullable HttpAnswer> answer = exchange.send(request, attempt).toFuture();
    var unused = answer.whenComplete((received, failure) -> attempt.enter(Phase.DONE));
    try {
      for (Step step = start; step.phase() != Phase.DONE; ) {
        Step next = attempt.next(left(limits, step, request.target()));
        step = next == null ? step : next;
      }
      return Objects.requireNonNull(answer.get());
    } catch (ExecutionException e) {
      throw failure(Objects.requireNonNullElse(e.getCause(), e), request.target());
    } finally {
      if (answer.cancel(true)) {
        attempt.giveUp();
      }
    }
  }

  /** What is left of the limit that comes first; its failure when nothing is. */
  private Duration left(HttpLimits limits, Step step, Target target) throws StepFailure {
    long now = time.nanos();
    Limit limit = limits.first(step, now);
    if (!limit.left().isPositive()) {
      Duration elapsed = Duration.ofNanos(now - limits.startNanos());
      throw HttpFailures.cut(limit, elapsed, target);
    }
    return limit.left();
  }

  /** What is not known goes on as it is, without the client's wrapper, which names the URL. */
  private static StepFailure failure(Throwable cause, Target target) {
    StepFailure known = HttpFailures.of(cause, target);
    if (known != null) {
      return known;
    }
    Throwable bare =
        cause instanceof WebClientException && cause.getCause() != null ? cause.getCause() : cause;
    if (bare instanceof Error error) {
      throw error;
    }
    throw bare instanceof RuntimeException defect ? defect : new IllegalStateException(bare);
  }
}
