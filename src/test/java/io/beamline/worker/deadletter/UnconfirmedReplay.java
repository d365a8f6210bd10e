package io.beamline.worker.deadletter;

import io.beamline.worker.connection.JetStreamApi;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** What a command leaves behind that was killed after it had published. */
public final class UnconfirmedReplay {

  private static final String ACK = "caf.exec.assign.v1.ack";
  private static final String DLQ = "caf.exec.dlq.v1";
  private static final Duration WINDOW = Duration.ofMillis(200);

  private UnconfirmedReplay() {}

  /** Leaves the replay of a letter unconfirmed; the assignment was then run elsewhere. */
  public static void leave(Connection admin, long letter) throws Exception {
    JetStreamApi jetStream = new JetStreamApi(admin, "");
    LetterStream letters = LetterStream.open(jetStream, DLQ);
    ReplayLog replays = ReplayLog.writing(jetStream, letters, false);
    replays.start(letter);
    String id = letters.replayIds().assignmentId(letter);
    admin.jetStream().publish(ACK, new Headers().put("Nats-Msg-Id", id + ".ack"), new byte[0]);
    change(admin, "CAF_EXEC_ASSIGN_V1", assign -> assign.duplicateWindow(WINDOW));
    Instant started = Objects.requireNonNull(replays.markOf(letter).at());
    Awaitility.await().until(() -> replays.serverTime().isAfter(started.plus(WINDOW)));
  }

  /** Changes a stream. */
  public static void change(
      Connection admin, String stream, UnaryOperator<StreamConfiguration.Builder> change)
      throws Exception {
    JetStreamManagement management = admin.jetStreamManagement();
    StreamConfiguration current = management.getStreamInfo(stream).getConfiguration();
    management.updateStream(change.apply(StreamConfiguration.builder(current)).build());
  }
}
