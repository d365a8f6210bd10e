package io.beamline.worker.deadletter;

import io.beamline.worker.connection.JetStreamApi;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsJetStreamMetaData;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the stream of dead letters. Never changes it. Used by one thread. */
final class LetterStream {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final int MAX_NAMED = 10;

  private final JetStreamApi jetStream;
  private final String subject;
  private final StreamInfo info;

  private LetterStream(JetStreamApi jetStream, String subject, StreamInfo info) {
    this.jetStream = jetStream;
    this.subject = subject;
    this.info = info;
  }

  /**
   * Finds the stream that holds a subject.
   *
   * @throws CommandFailedException when there is none, or its retention is not limits: then reading
   *     a letter could remove it
   */
  static LetterStream open(JetStreamApi jetStream, String subject)
      throws IOException, JetStreamApiException, CommandFailedException {
    JetStreamManagement management = jetStream.management();
    StreamInfo info = Streams.require(management, subject, "worker.nats.subjects.dlq");
    if (info.getConfiguration().getRetentionPolicy() != RetentionPolicy.Limits) {
      throw new CommandFailedException(
          "the stream "
              + info.getConfiguration().getName()
              + " does not keep what was read: its retention must be limits");
    }
    return new LetterStream(jetStream, subject, info);
  }

  /** Returns the stream's configuration. */
  StreamConfiguration configuration() {
    return info.getConfiguration();
  }

  /** Returns the ids for the replays of this stream's letters. */
  ReplayId replayIds() {
    return new ReplayId(configuration().getName(), info.getCreateTime().toInstant());
  }

  /**
   * Starts a scan over the letters. The caller closes it.
   *
   * @param since the earliest time of a letter; null for all
   */
  StreamScan scan(@Nullable Instant since) throws IOException, JetStreamApiException {
    return new StreamScan(jetStream, configuration().getName(), subject, since, false);
  }

  /**
   * Starts a scan over the letters from a sequence number on, with little memory. The caller closes
   * it.
   *
   * @param sequence the first number
   * @param since the earliest time of a letter, used if the number is 1; null for all
   */
  StreamScan scanFrom(long sequence, @Nullable Instant since)
      throws IOException, JetStreamApiException {
    return new StreamScan(jetStream, configuration().getName(), subject, sequence, since);
  }

  /** Returns the number of the oldest message when the stream was opened; 1 or more. */
  long firstSequence() {
    return Math.max(1, info.getStreamState().getFirstSequence());
  }

  /** Returns the number of the newest message when the stream was opened; 0 for an empty stream. */
  long lastSequence() {
    return info.getStreamState().getLastSequence();
  }

  /** Returns how many messages the stream held when it was opened. */
  long size() {
    return info.getStreamState().getMsgCount();
  }

  /**
   * Returns the letter for an ID that an operator has given.
   *
   * @param id a sequence number, or an assignment's id that exactly one letter has
   * @throws CommandFailedException when no letter has this ID, or several have
   */
  Letter find(String id) throws IOException, JetStreamApiException, CommandFailedException {
    return NUMBER.matcher(id).matches() ? byNumber(Long.parseLong(id)) : byAssignment(id);
  }

  /** Returns the letter in a message of a scan. */
  static Letter letter(Message message) {
    NatsJetStreamMetaData place = message.metaData();
    return new Letter(
        place.streamSequence(),
        place.timestamp().toInstant(),
        firstValues(message.getHeaders()),
        StoredDeadLetter.read(message.getData()));
  }

  /**
   * Returns the letter with a sequence number. Uses a consumer, because a plain request fails if
   * the client cannot read the headers.
   *
   * @throws CommandFailedException when there is none
   */
  Letter byNumber(long sequence) throws IOException, JetStreamApiException, CommandFailedException {
    String stream = configuration().getName();
    if (sequence > 0) {
      try (StreamScan scan = new StreamScan(jetStream, stream, subject, sequence, null)) {
        Message first = scan.next();
        if (first != null && first.metaData().streamSequence() == sequence) {
          return letter(first);
        }
      }
    }
    throw new CommandFailedException("the stream " + stream + " has no dead letter " + sequence);
  }

  private Letter byAssignment(String id)
      throws IOException, JetStreamApiException, CommandFailedException {
    List<Long> numbers = new ArrayList<>();
    Letter found = null;
    try (StreamScan scan = scan(null)) {
      for (Message m = scan.next(); m != null && numbers.size() < MAX_NAMED; m = scan.next()) {
        Letter letter = letter(m);
        if (id.equals(letter.assignmentId())) {
          found = letter;
          numbers.add(letter.sequence());
        }
      }
    }
    if (found == null || numbers.size() > 1) {
      throw new CommandFailedException(notOne(Printable.line(id), numbers));
    }
    return found;
  }

  private static String notOne(String id, List<Long> numbers) {
    return numbers.isEmpty()
        ? "no dead letter has the assignment_id " + id
        : "several dead letters have the assignment_id "
            + id
            + ", name one by its number: "
            + numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static Map<String, String> firstValues(@Nullable Headers headers) {
    Map<String, String> first = new LinkedHashMap<>();
    if (headers != null) {
      headers.forEach((name, values) -> first.put(name, values.getFirst()));
    }
    return first;
  }
}
