package io.beamline.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looks at what waits in the stream of a real server. */
class StreamViewTest {

  private static final String ASSIGN = "caf.exec.assign.v1";
  private static final String DURABLE = "caf-workers";
  private static final Set<ResourcePool> IO = EnumSet.of(ResourcePool.IO);
  private static final Set<ResourcePool> CPU = EnumSet.of(ResourcePool.CPU);

  private final AtomicInteger looks = new AtomicInteger();
  private NatsServer nats;
  private Connection connection;
  private StreamView view;

  @BeforeEach
  void start() throws Exception {
    nats = NatsServer.start();
    connection = nats.connect();
    view = new StreamView(ConnectionFixture.prepared(connection), DURABLE, ASSIGN, this::poolOf);
  }

  @AfterEach
  void stop() {
    NatsServer.disconnect(connection);
    nats.close();
  }

  @Test
  void findsTheFirstStepForAPool() throws Exception {
    assertThat(view.firstFor(IO)).isZero();
    publish("cpu", 10);
    publish("neither", 1);
    assertThat(view.firstFor(IO)).isZero();
    publish("io", 2);

    assertThat(view.firstFor(IO)).isEqualTo(12);
    assertThat(view.firstFor(IO)).isEqualTo(12);
    assertThat(view.firstFor(CPU)).isEqualTo(1);
    assertThat(view.firstFor(EnumSet.allOf(ResourcePool.class))).isEqualTo(1);
  }

  @Test
  void looksAtEachStepOnceAndNotFarAhead() throws Exception {
    publish("cpu", StreamView.MAX_MESSAGES);
    publish("io", 1);

    assertThat(view.firstFor(IO)).isZero();
    assertThat(view.firstFor(IO)).isZero();
    assertThat(looks).hasValue(StreamView.MAX_MESSAGES);

    take(1);
    assertThat(view.firstFor(IO)).isEqualTo(StreamView.MAX_MESSAGES);
    assertThat(looks).hasValue(StreamView.MAX_MESSAGES + 1);
  }

  @Test
  void findsNothingWhenTheStreamCannotBeRead() throws Exception {
    publish("io", 1);
    connection.jetStreamManagement().deleteStream("CAF_EXEC_ASSIGN_V1");

    assertThat(view.firstFor(IO)).isZero();
  }

  private void publish(String body, int count) throws IOException, JetStreamApiException {
    for (int i = 0; i < count; i++) {
      connection.jetStream().publish(ASSIGN, body.getBytes(UTF_8));
    }
  }

  private void take(int count) throws IOException, JetStreamApiException {
    JetStreamSubscription subscription =
        connection
            .jetStream()
            .subscribe(null, PullSubscribeOptions.bind("CAF_EXEC_ASSIGN_V1", DURABLE));
    subscription.fetch(count, 5_000).forEach(Message::ack);
  }

  private @Nullable ResourcePool poolOf(byte[] body) {
    looks.incrementAndGet();
    return switch (new String(body, UTF_8)) {
      case "io" -> ResourcePool.IO;
      case "cpu" -> ResourcePool.CPU;
      default -> null;
    };
  }
}
