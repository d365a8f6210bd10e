package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.SOON;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What goes on while the worker runs. */
class ResultLifecycleTest {

  @Test
  void renewsLeasesThoughEverythingElseHangs() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Heartbeats stuck = mock(Heartbeats.class, withSettings().stubOnly());
    doAnswer(
            call -> {
              hanging.countDown();
              end.await();
              return null;
            })
        .when(stuck)
        .beat();
    try (ResultFixture worker = new ResultFixture();
        Connection server = worker.nats.connect()) {
      worker.timer.shutdownNow();
      Subscription renewals = server.subscribe("reply.a");
      server.flush(SOON);
      worker.open();
      ResultLifecycle lifecycle =
          new ResultLifecycle(
              ResultFixture.timer("others-"),
              ResultFixture.timer("leases-"),
              worker.outbox,
              worker.leases,
              stuck,
              Duration.ofSeconds(1),
              TimeSource.system());
      lifecycle.start();
      hanging.await();
      worker.leases.hold(new Lease("reply.a", "stream-1", TimeSource.system().nanos(), 0));

      await().atMost(SOON).until(() -> renewals.getPendingMessageCount() >= 3);

      end.countDown();
      lifecycle.stop();
    }
  }
}
