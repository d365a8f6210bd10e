package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.result.OutgoingMessage.MessageKind;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.support.NatsLeaf;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.NetworkProxy;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** What the server says of a message, and what it does not say. */
class ConfirmationsTest {

  private static final Duration NOT_LONG_ENOUGH = Confirmations.CONFIRM_TIMEOUT.minusMillis(1);

  private final FakeTime time = new FakeTime();
  private final List<Exception> defects = new CopyOnWriteArrayList<>();
  private NatsServer nats;
  private Connection connection;
  private Confirmations confirmations;

  @BeforeEach
  void start() throws Exception {
    nats = NatsServer.start();
    Options options =
        Options.builder()
            .server(nats.url())
            .errorListener(
                new ErrorListener() {
                  @Override
                  public void exceptionOccurred(Connection source, Exception defect) {
                    defects.add(defect);
                  }
                })
            .build();
    connection = Nats.connect(options);
    connection
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name("STREAM")
                .subjects("stored")
                .maximumMessageSize(400)
                .storageType(StorageType.Memory)
                .build());
    confirmations = new Confirmations(session(connection), time);
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    nats.close();
  }

  @Test
  void eachMessageIsConfirmedForItself() throws Exception {
    List<CompletableFuture<?>> sent = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      sent.add(publish(i % 10 == 0 ? "nobody" : "stored", "m-" + i));
    }
    for (int i = 0; i < 5_000; i++) {
      CompletableFuture<?> one = sent.get(i);
      if (i % 10 == 0) {
        assertThatThrownBy(() -> outcome(one)).hasCauseInstanceOf(IOException.class);
      } else {
        assertThat(outcome(one)).isNull();
      }
    }
    assertThat(storedMessages()).isEqualTo(4_500);
    assertThat(confirmations.unconfirmed()).isZero();
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
  void silenceFailsWhatTheServerHasRead() throws Exception {
    answering("silent", message -> {});
    CompletableFuture<?> message = publish("silent", "m");
    time.advance(NOT_LONG_ENOUGH);
    confirmations.expire();
    assertThat(message).isNotDone();

    awaitFailure(message);
    assertThatThrownBy(() -> outcome(message))
        .hasCauseInstanceOf(TimeoutException.class)
        .hasMessageContaining("no confirmation within 4 s: silent");
  }

  /** The leaf node stores a copy, and only the hub's stream counts. */
  @Test
  void onlyItsOwnDomainConfirms() throws Exception {
    try (NatsLeaf linked = NatsLeaf.start();
        Connection leaf = Nats.connect(linked.leaf().url());
        Connection hub = Nats.connect(linked.hub().url())) {
      JetStreamApi jetStream = new JetStreamApi(leaf, NatsLeaf.DOMAIN);
      confirmations =
          new Confirmations(
              ConnectionFixture.session(jetStream, "STREAM", Duration.ofSeconds(1), Map.of()),
              time);
      stream(leaf, "COPY");
      CompletableFuture<?> copied = publish("stored", "m");
      awaitFailure(copied);
      assertThatThrownBy(() -> outcome(copied))
          .hasMessageContaining("only a stream outside of the JetStream domain hub has stored it");

      stream(hub, "STREAM");
      await().atMost(SOON).until(() -> outcome(publish("stored", "m")) == null);
      assertThat(hub.jetStreamManagement().getStreamInfo("STREAM").getStreamState().getMsgCount())
          .isOne();
    }
  }

  private static void stream(Connection owner, String name) throws Exception {
    owner
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name(name)
                .subjects("stored")
                .storageType(StorageType.Memory)
                .build());
  }

  @Test
  void aSlowLinkFailsNothing() throws Exception {
    try (NetworkProxy link = NetworkProxy.before(nats.port());
        Connection slow = Nats.connect("nats://127.0.0.1:" + link.port())) {
      confirmations = new Confirmations(session(slow), time);
      slow.flush(SOON);
      link.swallow(true);
      CompletableFuture<?> message = publish("stored", "m");
      await().atMost(SOON).until(() -> link.swallowed() > 0);
      for (int i = 0; i < 10; i++) {
        time.advance(Duration.ofHours(1));
        confirmations.expire();
      }
      assertThat(message).isNotDone();
    }
  }

  @Test
  void whatComesTooLateOrTwiceHarmsNothing() throws Exception {
    List<Message> unanswered = new CopyOnWriteArrayList<>();
    answering("late", unanswered::add);
    CompletableFuture<?> late = publish("late", "m");
    await().atMost(SOON).until(() -> unanswered.size() == 1);
    awaitFailure(late);

    String replyTo = unanswered.getFirst().getReplyTo();
    for (int i = 0; i < 2; i++) {
      connection.publish(replyTo, "{\"stream\":\"S\",\"seq\":1}".getBytes(UTF_8));
    }
    assertThat(outcome(publish("stored", "m"))).isNull();
    assertThat(defects).isEmpty();
  }

  @Test
  void aMessageThatCannotBeSentIsNotWaitedFor() throws Exception {
    connection.close();
    assertThatThrownBy(() -> publish("stored", "m")).isInstanceOf(IllegalStateException.class);
    assertThat(confirmations.unconfirmed()).isZero();
  }

  @Test
  void theTransportForgetsSessionsThatAreOver() throws Exception {
    ThreadPoolTaskScheduler timer = ResultFixture.timer("transport-");
    try {
      JetStreamTransport transport = new JetStreamTransport(timer, TimeSource.system());
      for (int i = 0; i < 3; i++) {
        Connection own = Nats.connect(nats.url());
        CompletableFuture<?> sent =
            transport.publish(session(own), message("stored", "session-" + i));
        assertThat(outcome(sent)).isNull();
        own.close();
      }
      await().atMost(SOON).until(() -> transport.sessions() == 0);
    } finally {
      timer.shutdown();
    }
  }

  /** Time passes until the server has read the message, and has not confirmed it. */
  private void awaitFailure(CompletableFuture<?> message) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              time.advance(Duration.ofMillis(500));
              confirmations.expire();
              return message.isCompletedExceptionally();
            });
  }

  private CompletableFuture<?> publish(String subject, String id) {
    return confirmations.publish(message(subject, id));
  }

  private static OutgoingMessage message(String subject, String id) {
    HeaderLines headers = new HeaderLines().add("Nats-Msg-Id", id);
    return new OutgoingMessage(
        MessageKind.RESULT, subject, headers, id.getBytes(UTF_8), room -> new byte[0]);
  }

  private static NatsSession session(Connection connection) {
    return ConnectionFixture.session(connection, "STREAM", Duration.ofSeconds(1));
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
