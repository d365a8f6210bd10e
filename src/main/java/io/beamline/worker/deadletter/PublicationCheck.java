package io.beamline.worker.deadletter;

import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.connection.JetStreamErrors;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether an assignment was ever published, even after the server's duplicate window. A
 * published assignment stays in its stream until it has a result, and it has an ack before that
 * (contract section 6). Used by one thread.
 */
final class PublicationCheck {

  private static final String MESSAGE_ID = "Nats-Msg-Id";

  /** The largest expected difference between the clocks of a cluster's servers. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(1);

  private final JetStreamApi jetStream;
  private final String assignSubject;
  private final String ackSubject;

  PublicationCheck(JetStreamApi jetStream, String assignSubject, String ackSubject) {
    this.jetStream = jetStream;
    this.assignSubject = assignSubject;
    this.ackSubject = ackSubject;
  }

  /** The result of a check. */
  enum Finding {
    /** The assignment was published. */
    PUBLISHED,
    /** The assignment was not published. */
    NEVER_PUBLISHED,
    /** The stream of acks does not reach back far enough to decide. */
    UNKNOWN
  }

  /**
   * Searches the streams for an assignment. It reads the stream of assignments first: an assignment
   * that leaves it meanwhile has an ack by then.
   *
   * @param since the earliest possible time of the publication, by the server's clock
   */
  Finding check(String assignmentId, Instant since) throws IOException, JetStreamApiException {
    JetStreamManagement management = jetStream.management();
    StreamInfo acks = Streams.find(management, ackSubject);
    if (isWaiting(management, assignmentId)) {
      return Finding.PUBLISHED;
    }
    if (acks == null) {
      return Finding.UNKNOWN;
    }
    Instant from = since.minus(CLOCK_DIFFERENCE);
    if (isAcked(acks.getConfiguration().getName(), assignmentId, from)) {
      return Finding.PUBLISHED;
    }
    return reachesBack(acks, since) ? Finding.NEVER_PUBLISHED : Finding.UNKNOWN;
  }

  private boolean isWaiting(JetStreamManagement management, String assignmentId)
      throws IOException, JetStreamApiException {
    StreamInfo assignments = Streams.find(management, assignSubject);
    if (assignments == null) {
      return false;
    }
    String stream = assignments.getConfiguration().getName();
    long next = Math.max(1, assignments.getStreamState().getFirstSequence());
    for (MessageInfo at = from(management, stream, next);
        at != null;
        at = from(management, stream, at.getSeq() + 1)) {
      if (assignmentId.equals(messageId(at.getHeaders()))) {
        return true;
      }
    }
    return false;
  }

  private @Nullable MessageInfo from(JetStreamManagement management, String stream, long sequence)
      throws IOException, JetStreamApiException {
    try {
      return management.getNextMessage(stream, sequence, assignSubject);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == JetStreamErrors.NO_MESSAGE) {
        return null;
      }
      throw e;
    }
  }

  private boolean isAcked(String stream, String assignmentId, Instant from)
      throws IOException, JetStreamApiException {
    String wanted = assignmentId + ".ack";
    try (StreamScan scan = new StreamScan(jetStream, stream, ackSubject, from, true)) {
      for (Message ack = scan.next(); ack != null; ack = scan.next()) {
        if (wanted.equals(messageId(ack.getHeaders()))) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Returns whether the stream still holds every ack since a time. Either it has lost no message
   * and was created before that time, or its oldest message is older.
   */
  private static boolean reachesBack(StreamInfo acks, Instant since) {
    StreamState state = acks.getStreamState();
    if (state.getFirstSequence() <= 1 && !acks.getCreateTime().toInstant().isAfter(since)) {
      return true;
    }
    ZonedDateTime first = state.getFirstTime();
    return state.getMsgCount() > 0
        && first != null
        && first.toInstant().isBefore(since.minus(CLOCK_DIFFERENCE));
  }

  private static @Nullable String messageId(@Nullable Headers headers) {
    return headers == null ? null : headers.getFirst(MESSAGE_ID);
  }
}
