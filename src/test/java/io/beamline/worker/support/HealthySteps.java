package io.beamline.worker.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Rounds of healthy HTTP steps on one worker with advanced retry on, alone and while 30 % of all
 * steps wait out backoffs of seconds. Those that wait have made their first attempt before the
 * round, so that it tells of the waiting and not of the work of their attempts, and come back after
 * it. Used by one thread.
 */
public final class HealthySteps implements AutoCloseable {

  private static final long ANSWER_MS = 7;
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(
          ANSWER_MS, TimeUnit.MILLISECONDS, task -> Thread.ofVirtual().start(task));

  private final HttpServer site;
  private final WorkerProcess worker;
  private final RouterStandIn router;
  private final int healthy;
  private final int failing;
  private long backoffMs;

  /**
   * Rounds on a worker, which the caller ends.
   *
   * @param healthy the healthy steps of a round
   */
  public HealthySteps(WorkerProcess worker, RouterStandIn router, int healthy) {
    this.worker = worker;
    this.router = router;
    this.healthy = healthy;
    this.failing = healthy * 3 / 7;
    this.site = site();
  }

  /** Runs rounds that do not count, and finds out how long the others are to wait. */
  public void warmUp() {
    double unused = alone();
    backoffMs = 1_000 + (long) (2_000 * healthy / alone());
    double unusedToo = besideWaiting();
  }

  /** Runs the healthy steps; gives how many ended per second, by the worker's clock. */
  public double alone() {
    List<String> ids = router.assignAll(steps("/healthy", healthy).toList());
    router.awaitAll(ids, LONG);
    List<Answer> answers = ids.stream().map(router::answer).toList();
    assertThat(answers).allMatch(answer -> answer.status().equals("success"));
    long from = answers.stream().mapToLong(HealthySteps::acknowledgedAt).min().orElseThrow();
    long to =
        answers.stream()
            .mapToLong(answer -> answer.resultJson().path("timestamp").longValue())
            .max()
            .orElseThrow();
    return healthy * 1_000.0 / (to - from);
  }

  /** The same, while the others wait. */
  public double besideWaiting() {
    List<String> waiting =
        router.assignAll(steps("/failing", failing).map(this::waitingLong).toList());
    Awaitility.await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> worker.metric("worker_retries_waiting") == failing);
    double rate = alone();
    assertThat(worker.metric("worker_retries_waiting")).isEqualTo(failing);
    router.awaitAll(waiting, LONG);
    assertThat(waiting).allMatch(id -> router.answer(id).errorCode().equals("HTTP_ERROR"));
    return rate;
  }

  @Override
  public void close() {
    site.stop(0);
  }

  private Stream<Assignments> steps(String page, int count) {
    String url = "http://localhost:" + site.getAddress().getPort() + page;
    return Stream.generate(() -> Assignments.http(url)).limit(count);
  }

  private Assignments waitingLong(Assignments step) {
    return step.backoffMs(backoffMs).maxAttempts(2).deadlineMs(600_000);
  }

  private static long acknowledgedAt(Answer answer) {
    return answer.ack().orElseThrow().json().path("acknowledged_at").longValue();
  }

  private static HttpServer site() {
    try {
      HttpServer site =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      site.createContext("/", exchange -> LATER.execute(() -> answer(exchange)));
      site.start();
      return site;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(HttpExchange exchange) {
    try (exchange) {
      boolean healthy = exchange.getRequestURI().getPath().equals("/healthy");
      exchange.sendResponseHeaders(healthy ? 200 : 503, -1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
