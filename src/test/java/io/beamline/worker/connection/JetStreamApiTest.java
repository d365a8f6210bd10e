package io.beamline.worker.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.ConnectionFixture.Diary;
import io.beamline.worker.support.NatsLeaf;
import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import io.nats.client.api.KeyValueConfiguration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another JetStream domain than that of the server, on real servers. */
class JetStreamApiTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String HUB = "worker.nats.jetstream-domain=" + NatsLeaf.DOMAIN;

  private static NatsLeaf nats;
  private static Connection atLeaf;
  private static Connection atHub;

  @BeforeAll
  static void start() {
    nats = NatsLeaf.start();
    atLeaf = nats.leaf().connect();
    atHub = nats.hub().connect();
  }

  @AfterAll
  static void stop() {
    NatsServer.disconnect(atLeaf);
    NatsServer.disconnect(atHub);
    nats.close();
  }

  @Test
  void makesItsStreamsAndTheConsumerInTheDomainOnly() throws Exception {
    NatsSession session = ConnectionFixture.prepared(atLeaf, HUB);

    assertThat(atHub.jetStreamManagement().getConsumerNames(session.stream()))
        .containsExactly("caf-workers");
    assertThat(atLeaf.jetStreamManagement().getStreamNames()).isEmpty();
    assertThat(session.jetStream().subject("STREAM.NAMES")).isEqualTo("$JS.hub.API.STREAM.NAMES");
  }

  @Test
  void writesAndReadsABucketOfTheDomain() throws Exception {
    JetStreamApi jetStream = new JetStreamApi(atLeaf, NatsLeaf.DOMAIN);
    jetStream.bucketManagement().create(KeyValueConfiguration.builder("b").build());
    jetStream.bucket("b").put("one", "1");
    jetStream.messages().publish(jetStream.entrySubject("b", "two"), "2".getBytes(UTF_8));

    assertThat(atHub.keyValue("b").keys()).containsExactlyInAnyOrder("one", "two");
    assertThat(new JetStreamApi(atHub, "").entrySubject("b", "two")).isEqualTo("$KV.b.two");
  }

  @ParameterizedTest
  @CsvSource({"hub,true", "leaf,false", ",false"})
  void isConfirmedByItsOwnDomainOnly(@Nullable String confirming, boolean confirmed) {
    assertThat(new JetStreamApi(atLeaf, "hub").isConfirmedBy(confirming)).isEqualTo(confirmed);
    assertThat(new JetStreamApi(atLeaf, "").isConfirmedBy(confirming)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "$JS.API.STREAM.NAMES, STREAM.NAMES",
    "$JS.hub.API.CONSUMER.MSG.NEXT.S.C, CONSUMER.MSG.NEXT.S.C",
    "$JS.hub.API.$KV.b.k, $KV.b.k",
    "$JS.ACK.S.C.1.2.3.4.5,",
    "caf.exec.result.v1,"
  })
  void recognizesARequestOfAnyDomain(String subject, @Nullable String request) {
    assertThat(JetStreamApi.request(subject)).isEqualTo(request);
  }

  @Test
  void namesADomainThatDoesNotAnswerAndGoesOnTrying() {
    NatsSessions sessions =
        ConnectionFixture.sessions(nats.leaf().url(), "worker.nats.jetstream-domain=hubb");
    Diary diary = new Diary();
    sessions.subscribe(diary);
    sessions.start();
    try {
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(new NatsHealth(sessions).check().details().get("cause"))
                      .isEqualTo(
                          "the JetStream domain hubb (worker.nats.jetstream-domain) does not answer:"
                              + " no server has this domain, or the link to it is down"));
      assertThat(new NatsHealth(sessions).check().healthy()).isFalse();
      assertThat(sessions.isRunning()).isTrue();
      assertThat(diary.calls).isEmpty();
    } finally {
      sessions.stop();
    }
  }
}
