package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.ConnectionFixture.Diary;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.support.NatsServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that refused permissions are recorded, described and forgotten. */
class MissingPermissionsTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String NEXT = "$JS.API.CONSUMER.MSG.NEXT.CAF_EXEC_ASSIGN_V1.caf-workers";
  private static final String ACK = "$JS.ACK.CAF_EXEC_ASSIGN_V1.caf-workers.1.2.3.4.5";
  private static final String RESULT = "caf.exec.result.v1";
  private static final String DLQ = "caf.exec.dlq.v1";

  private final FakeTime time = new FakeTime();
  private final MissingPermissions permissions =
      MissingPermissions.of(time, ConnectionFixture.settings().subjects());

  @Test
  void namesWhatIsMissingAndWhatItIsFor() {
    for (String subject : List.of(NEXT, ACK, ACK.replace("1.2", "1.3"), DLQ)) {
      permissions.record("Permissions Violation for Publish to \"" + subject + "\"");
    }
    permissions.record("Permissions Violation for Subscription to \"_INBOX.abc.*\"");
    assertThat(permissions.describe())
        .isEqualTo(
            "the NATS user of the worker may not publish to"
                + " $JS.ACK.CAF_EXEC_ASSIGN_V1.caf-workers.>, to acknowledge; may not publish to "
                + NEXT
                + ", to pull; may not publish to "
                + DLQ
                + ", to publish dead letters; may not subscribe to _INBOX.>, to receive");
  }

  @Test
  void namesRequestsOfADomain() {
    String next = NEXT.replace("$JS.API", "$JS.hub.API");
    permissions.record("Permissions Violation for Publish to \"" + next + "\"");
    assertThat(permissions.describe()).endsWith("may not publish to " + next + ", to pull");
  }

  @ParameterizedTest
  @CsvSource({
    "$JS.hub.API.CONSUMER.CREATE.S.x.s, $JS.hub.API.CONSUMER.CREATE.S.>",
    "$JS.hub.API.DIRECT.GET.S.k, $JS.hub.API.DIRECT.GET.S.>",
    "$JS.hub.API.CONSUMER.MSG.NEXT.S.x, $JS.hub.API.CONSUMER.MSG.NEXT.S.*",
    "$JS.hub.API.$KV.b.k, $JS.hub.API.$KV.b.>",
    "$JS.hub.API.STREAM.NAMES, $JS.hub.API.STREAM.NAMES",
    "$JS.API.CONSUMER.CREATE.S.x.s, $JS.API.CONSUMER.CREATE.S.>",
    "$KV.b.k, $KV.b.>"
  })
  void namesWhatToAllowToACommandInADomain(String refused, String allow) {
    assertThat(CommandPermissions.missing(true, refused).purpose())
        .isEqualTo("so allow it to publish to " + allow);
  }

  @Test
  void forgetsWhatIsNotRefusedAgain() {
    permissions.record("Permissions Violation for Publish to \"" + DLQ + "\"");
    assertThat(permissions.mayPublish(DLQ)).isFalse();
    assertThat(permissions.mayPublish(RESULT)).isTrue();
    time.advance(MissingPermissions.REFUSAL_TTL);
    assertThat(permissions.describe()).isEmpty();
    assertThat(permissions.mayPublish(DLQ)).isTrue();
  }

  @Test
  void tellsOfEachRefusedPublication() {
    List<String> refused = new ArrayList<>();
    permissions.onPublicationRefused(refused::add);
    permissions.record("Permissions Violation for Publish to \"beamline.provider.chat\"");
    permissions.record("Permissions Violation for Subscription to \"caf.exec.cancel.v1\"");
    assertThat(refused).containsExactly("beamline.provider.chat");
    assertThat(permissions.describe()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "caf.worker.heartbeat.v1",
    "a.subject.of.another",
    "$JS.API.STREAM.INFO.KV_beamline-worker-features",
    "$KV.beamline-worker-features.x",
    "$JS.hub.API.STREAM.INFO.KV_beamline-worker-features",
    "$JS.hub.API.$KV.beamline-worker-features.x",
    "caf.exec.cancel.v1",
    "$JS.API.STREAM.CREATE.CAF_EXEC_CANCEL_V1",
    "$JS.API.CONSUMER.CREATE.MINE.cancel-x.caf.exec.cancel.v1",
    "$JS.hub.API.CONSUMER.MSG.NEXT.MINE.cancel-x"
  })
  void ignoresWhatTheWorkerCanDoWithout(String subject) {
    permissions.record("Permissions Violation for Publish to \"" + subject + "\"");
    permissions.record("Maximum Payload Violation");
    permissions.record("Permissions Violation for Subscription to \"caf.exec.cancel.v1\"");
    assertThat(permissions.describe()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        NEXT + "|to pull",
        ACK + "|to acknowledge",
        DLQ + "|to publish dead letters",
        "$JS.API.STREAM.NAMES|to look at streams and the consumer"
      })
  void areReadFromARealServer(String subject, String purpose) throws Exception {
    String denied =
        "authorization: {users: [{user: w, password: x, permissions: {publish: {deny: [\""
            + subject
            + "\"]}}}]}";
    try (NatsServer nats = NatsServer.start(denied)) {
      NatsSessions sessions =
          ConnectionFixture.sessions(nats.url().replace("//", "//w:x@"), new String[0]);
      Diary diary = new Diary();
      sessions.subscribe(diary);
      sessions.start();
      try {
        if (!subject.contains("NAMES")) {
          await().atMost(SOON).until(() -> diary.opened.size() == 1);
          assertThat(sessions.problem()).isEmpty();
          diary.opened.getFirst().connection().publish(subject, new byte[0]);
        }
        await()
            .atMost(SOON)
            .untilAsserted(
                () ->
                    assertThat(new NatsHealth(sessions).check().details().get("cause"))
                        .asString()
                        .contains("may not publish to", purpose));
        assertThat(new NatsHealth(sessions).check().healthy()).isFalse();
        if (!subject.contains("NAMES")) {
          assertThat(diary.opened.getFirst().mayPublish(subject)).isFalse();
          assertThat(diary.calls).containsExactly("opened");
        }
      } finally {
        sessions.stop();
      }
    }
  }
}
