package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.Rig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The budget of advanced retry alone, on the built jar with one slot for HTTP (W3-1.4). */
@Tag("alone")
class RetryBudgetIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int BUDGET_MS = 4_000;

  private static Rig rig;

  @BeforeAll
  static void start() {
    rig =
        Rig.start(
            worker ->
                worker
                    .env("CP2_ADVANCED_RETRY_ENABLED", "true")
                    .env("WORKER_POOLS_IO_CONCURRENCY", "1"));
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  /** Another step holds the only slot when the first one comes back from a wait. */
  @Test
  void endsAStepThatWaitsForASlotWhenItsBudgetIsUsedUp() {
    CompletableFuture<Void> released = new CompletableFuture<>();
    rig.server()
        .always(
            (request, socket) -> {
              if (request.target().equals("/slow")) {
                released.join();
              }
              return Misbehaviour.answer(request.target().equals("/failing") ? 503 : 200, "")
                  .act(request, socket);
            });
    try (MachineStalls stalls = MachineStalls.watch()) {
      Assignments failing =
          rig.get("/failing").deadlineMs(BUDGET_MS).maxAttempts(20).backoffMs(2_500);
      String id = rig.router().assign(failing);
      Awaitility.await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> rig.worker().metric("worker_retries_waiting") == 1);
      String slow = rig.router().assign(rig.get("/slow").deadlineMs(60_000));

      JsonNode result = rig.router().awaitResult(id, SOON).resultJson();

      assertThat(result.path("elapsed_ms").longValue(-1))
          .as("elapsed_ms of %s", result)
          .isBetween((long) BUDGET_MS, BUDGET_MS + 100 + stalls.longestMs());
      assertThat(result.path("status").stringValue("")).isEqualTo("error");
      assertThat(result.path("error_code").stringValue("")).isEqualTo("HTTP_ERROR");
      assertThat(result.at("/error/details/stopped_by").stringValue("")).isEqualTo("retry_budget");
      assertThat(result.path("attempts")).hasSize(1);
      assertThat(result.at("/attempts/0/backoff_ms").longValue()).isEqualTo(2_500);
      assertThat(rig.router().unanswered(List.of(slow))).hasSize(1);
      released.complete(null);
      assertThat(rig.router().awaitResult(slow, SOON).status()).isEqualTo("success");
    } finally {
      released.complete(null);
    }
  }
}
