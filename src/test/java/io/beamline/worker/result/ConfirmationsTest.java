package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.result.Outgoing.Kind;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server says of a message, and what it does not say. */
class ConfirmationsTest {

  private static final Duration NOT_LONG_ENOUGH = Confirmations.PATIENCE.minusMillis(1);

  private final FakeTime time = new FakeTime();
  private NatsServer nats;
  private Connection connection;
  private Confirmations confirmations;

  @BeforeEach
  void start() throws Exception {
    nats = NatsServer.start();
    connection = Nats.connect(nats.url());
    connection
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name("STREAM")
                .subjects("stored")
                .maximumMessageSize(400)
                .storageType(StorageType.Memory)
                .build());
    confirmations =
        new Confirmations(
            ConnectionFixture.session(connection, "STREAM", Duration.ofSeconds(1)), time);
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    nats.close();
  }

  @Test
  void eachMessageIsConfirmedForItself() throws Exception {
    List<CompletableFuture<?>> stored = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      stored.add(publish("stored", "m-" + i));
    }
    for (CompletableFuture<?> one : stored) {
      assertThat(outcome(one)).isNull();
    }
    assertThat(storedMessages()).isEqualTo(5_000);
  }

  @Test
  void oneThatTheServerKnowsIsConfirmedToo() throws Exception {
    assertThat(outcome(publish("stored", "m"))).isNull();
    assertThat(outcome(publish("stored", "m"))).isNull();
    assertThat(storedMessages()).isEqualTo(1);
  }

  @Test
  void aRefusalFailsIt() {
    assertThatThrownBy(() -> outcome(publish("stored", "x".repeat(500))))
        .hasCauseInstanceOf(JetStreamApiException.class)
        .hasMessageContaining("message size exceeds maximum allowed");
  }

  @Test
  void noStreamFailsItAtOnce() {
    assertThatThrownBy(() -> outcome(publish("nobody", "m")))
        .hasCauseInstanceOf(IOException.class)
        .hasMessageContaining("no stream takes nobody");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+OK", "{}", "[]", "{\"stream\"", "{\"stream\":\"\"}", "{\"seq\":1}"})
  void anAnswerThatDoesNotSayItIsStoredFailsIt(String answer) throws Exception {
    answering("odd", message -> connection.publish(message.getReplyTo(), answer.getBytes(UTF_8)));
    assertThatThrownBy(() -> outcome(publish("odd", "m"))).isInstanceOf(ExecutionException.class);
  }

  @Test
  void silenceFailsItAfterAWhile() throws Exception {
    answering("silent", message -> {});
    CompletableFuture<?> message = publish("silent", "m");
    time.advance(NOT_LONG_ENOUGH);
    confirmations.expire();
    assertThat(message).isNotDone();

    time.advance(Duration.ofMillis(1));
    confirmations.expire();
    assertThatThrownBy(() -> outcome(message))
        .hasCauseInstanceOf(TimeoutException.class)
        .hasMessageContaining("no confirmation within 5 s: silent");
  }

  @Test
  void whatComesTooLateOrTwiceHarmsNothing() throws Exception {
    answering(
        "eager",
        message -> {
          for (int i = 0; i < 2; i++) {
            connection.publish(
                message.getReplyTo(), "{\"stream\":\"S\",\"seq\":1}".getBytes(UTF_8));
          }
        });
    assertThat(outcome(publish("eager", "m"))).isNull();
    assertThat(outcome(publish("stored", "m"))).isNull();
  }

  @Test
  void aMessageThatTheServerNeverGetsIsNotWaitedFor() throws Exception {
    connection.close();
    assertThatThrownBy(() -> publish("stored", "m")).isInstanceOf(IllegalStateException.class);
  }

  private CompletableFuture<?> publish(String subject, String id) {
    HeaderLines headers = new HeaderLines().add("Nats-Msg-Id", id);
    return confirmations.publish(
        new Outgoing(Kind.RESULT, subject, headers, id.getBytes(UTF_8), room -> new byte[0]));
  }

  private static Object outcome(CompletableFuture<?> message)
      throws ExecutionException, InterruptedException, TimeoutException {
    return message.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private void answering(String subject, Reply reply) throws Exception {
    Dispatcher unused = connection.createDispatcher(reply::to).subscribe(subject);
    connection.flush(SOON);
  }

  private long storedMessages() throws Exception {
    return connection.jetStreamManagement().getStreamInfo("STREAM").getStreamState().getMsgCount();
  }

  private interface Reply {
    void to(Message message);
  }
}
