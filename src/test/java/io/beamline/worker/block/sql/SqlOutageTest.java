package io.beamline.worker.block.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.support.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A database that is killed and started again while statements run. */
class SqlOutageTest {

  private static final int CALLERS = 8;

  @Test
  void recoversByItselfAndFailsWithWhatAnotherAttemptMends() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger done = new AtomicInteger();
    Queue<StepFailure> failures = new ConcurrentLinkedQueue<>();
    try (PostgresServer server = PostgresServer.start();
        SqlFixture sql =
            SqlFixture.of(
                "orders.url", server.url(),
                "orders.username", "postgres",
                "orders.max-connections", "4")) {
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      while (!over.get()) {
                        StepFailure failure = sql.failure("{\"query\": \"select pg_sleep(0.01)\"}");
                        if (failure == null) {
                          done.incrementAndGet();
                        } else {
                          failures.add(failure);
                        }
                      }
                    }));
      }
      await(() -> done.get() > 50);
      server.kill();
      await(() -> failures.size() > 50);
      server.restart();
      int before = done.get();
      await(() -> done.get() > before + 50);
      over.set(true);
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(failures)
          .allSatisfy(
              failure -> {
                assertThat(failure.error().code())
                    .isIn(ErrorCode.NETWORK_ERROR, ErrorCode.RESOURCE_UNAVAILABLE);
                assertThat(failure.error().retryable()).isTrue();
              });
      Database database = Objects.requireNonNull(sql.databases.only());
      assertThat(database.stuckThreads()).isZero();
      assertThat(database.describe()).containsEntry("reachable", true);
      await(() -> database.active() == 0);
      assertThat(database.idle()).isBetween(1, 4);
    }
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(20, TimeUnit.SECONDS)
        .pollInterval(20, TimeUnit.MILLISECONDS)
        .until(condition);
  }
}
