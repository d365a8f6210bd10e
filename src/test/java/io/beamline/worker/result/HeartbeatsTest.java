package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.observability.health.HealthCheck;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.support.FlagsOff;
import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** How many heartbeats a worker has missed. */
class HeartbeatsTest {

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final FakeTime time = new FakeTime();
  private final Heartbeats heartbeats = heartbeats();

  @Test
  void countsFromTheStartUntilThereIsASession() {
    assertThat(heartbeats.missed()).isZero();
    time.advance(INTERVAL.multipliedBy(3));
    heartbeats.beat();
    assertThat(heartbeats.missed()).isEqualTo(3);
  }

  @Test
  void countsAnewAfterEachThatIsPublished() throws Exception {
    try (NatsServer nats = NatsServer.start();
        Connection connection = nats.connect()) {
      heartbeats.opened(ConnectionFixture.session(connection, "stream-1", INTERVAL));
      time.advance(INTERVAL.multipliedBy(2));
      heartbeats.beat();
      assertThat(heartbeats.missed()).isZero();

      time.advance(INTERVAL.minusMillis(1));
      assertThat(heartbeats.missed()).isZero();
      time.advance(Duration.ofMillis(1));
      assertThat(heartbeats.missed()).isEqualTo(1);
    }
  }

  @Test
  void countsOneThatCouldNotBePublished() throws Exception {
    try (NatsServer nats = NatsServer.start()) {
      Connection connection = nats.connect();
      heartbeats.opened(ConnectionFixture.session(connection, "stream-1", INTERVAL));
      connection.close();
      time.advance(INTERVAL);
      assertThatThrownBy(heartbeats::beat).isInstanceOf(IllegalStateException.class);
      assertThat(heartbeats.missed()).isEqualTo(1);
    }
  }

  private Heartbeats heartbeats() {
    StaticListableBeanFactory beans = new StaticListableBeanFactory();
    beans.addBean("load", new Idle());
    return new Heartbeats(
        "caf.worker.heartbeat.v1",
        "w-1",
        beans.getBeanProvider(WorkerLoad.class),
        beans.getBeanProvider(IntakeView.class),
        beans.getBeanProvider(HealthCheck.class),
        new FlagsOff(),
        time,
        INTERVAL);
  }

  private static final class Idle implements WorkerLoad {

    @Override
    public int running() {
      return 0;
    }

    @Override
    public boolean isBusy() {
      return false;
    }

    @Override
    public Map<String, Integer> queueDepths() {
      return Map.of();
    }
  }
}
