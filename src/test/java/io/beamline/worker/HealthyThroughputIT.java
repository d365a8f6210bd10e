package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Healthy steps keep at least 90 % of their throughput while 30 % of all steps wait out long
 * backoffs (W3-1). A round offers the same healthy steps with and without steps that wait; those
 * have made their first attempt before the round, so that it compares the waiting and not the work
 * of their attempts, and come back after it. Rounds of both kinds take turns on one worker.
 */
@Tag("long")
class HealthyThroughputIT {

  private static final int HEALTHY = 1_200;

  /** 30 % of all steps. */
  private static final int FAILING = HEALTHY * 3 / 7;

  private static final int PAIRS = 5;
  private static final long ANSWER_MS = 7;
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(
          ANSWER_MS, TimeUnit.MILLISECONDS, task -> Thread.ofVirtual().start(task));

  @Test
  void isKeptWhileOthersWaitForTheirRetries() throws IOException {
    HttpServer site = HttpServer.create(loopback(), 0);
    site.createContext("/", exchange -> LATER.execute(() -> answer(exchange)));
    site.start();
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker =
            WorkerProcess.of(nats.url())
                .jvm("-XX:TieredStopAtLevel=4")
                .env("CP2_ADVANCED_RETRY_ENABLED", "true")
                .start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      Rounds rounds = new Rounds(worker, router, "http://localhost:" + site.getAddress().getPort());

      List<Double> ratios = rounds.ratios();

      double median = ratios.get(PAIRS / 2);
      System.out.printf(
          "Healthy throughput beside waiting steps: %.3f of that without, %.3f to %.3f in %d"
              + " rounds%n",
          median, ratios.getFirst(), ratios.getLast(), PAIRS);
      assertThat(median).isGreaterThanOrEqualTo(0.90);
      router.assertClean();
    } finally {
      site.stop(0);
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static void answer(HttpExchange exchange) {
    try (exchange) {
      boolean healthy = exchange.getRequestURI().getPath().equals("/healthy");
      exchange.sendResponseHeaders(healthy ? 200 : 503, -1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Rounds(WorkerProcess worker, RouterStandIn router, String site) {

    /** Throughput with steps that wait ÷ throughput without, of each pair of rounds, sorted. */
    List<Double> ratios() {
      healthySteps();
      double warm = healthySteps();
      long backoffMs = 1_000 + (long) (2_000 * HEALTHY / warm);
      besideWaiting(backoffMs);
      List<Double> ratios = new ArrayList<>();
      for (int pair = 0; pair < PAIRS; pair++) {
        double first = pair % 2 == 0 ? healthySteps() : besideWaiting(backoffMs);
        double second = pair % 2 == 0 ? besideWaiting(backoffMs) : healthySteps();
        ratios.add(pair % 2 == 0 ? second / first : first / second);
      }
      return ratios.stream().sorted().toList();
    }

    private double besideWaiting(long backoffMs) {
      List<String> failing =
          router.assignAll(
              steps("/failing", FAILING).map(step -> waitingLong(step, backoffMs)).toList());
      Awaitility.await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> worker.metric("worker_retries_waiting") == FAILING);
      double rate = healthySteps();
      assertThat(worker.metric("worker_retries_waiting")).isEqualTo(FAILING);
      router.awaitAll(failing, LONG);
      assertThat(failing).allMatch(id -> router.answer(id).errorCode().equals("HTTP_ERROR"));
      return rate;
    }

    private static Assignments waitingLong(Assignments step, long backoffMs) {
      return step.backoffMs(backoffMs).maxAttempts(2).deadlineMs(600_000);
    }

    /** Runs the healthy steps; gives how many ended per second, by the worker's clock. */
    private double healthySteps() {
      List<String> ids = router.assignAll(steps("/healthy", HEALTHY).toList());
      router.awaitAll(ids, LONG);
      List<Answer> answers = ids.stream().map(router::answer).toList();
      assertThat(answers).allMatch(answer -> answer.status().equals("success"));
      long from = answers.stream().mapToLong(Rounds::acknowledgedAt).min().orElseThrow();
      long to =
          answers.stream()
              .mapToLong(answer -> answer.resultJson().path("timestamp").longValue())
              .max()
              .orElseThrow();
      return HEALTHY * 1_000.0 / (to - from);
    }

    private static long acknowledgedAt(Answer answer) {
      return answer.ack().orElseThrow().json().path("acknowledged_at").longValue();
    }

    private Stream<Assignments> steps(String page, int count) {
      return Stream.generate(() -> Assignments.http(site + page)).limit(count);
    }
  }
}
