package io.beamline.worker.deadletter;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one request over HTTP does with the letters of a stream (contract section 9). Each operation
 * ends soon after the deadline, and then says in {@code next} with what the following request goes
 * on. Of a letter that is read, only its row is kept. Used by one thread.
 */
final class LetterOperations {

  private static final Logger LOG = LoggerFactory.getLogger(LetterOperations.class);

  private final JetStreamApi jetStream;
  private final NatsDeliveryProperties settings;
  private final LetterStream letters;
  private final TimeSource time;
  private final Deadline deadline;

  LetterOperations(
      JetStreamApi jetStream,
      NatsDeliveryProperties settings,
      LetterStream letters,
      TimeSource time,
      Deadline deadline) {
    this.jetStream = jetStream;
    this.settings = settings;
    this.letters = letters;
    this.time = time;
    this.deadline = deadline;
  }

  /** Returns the letters that match, without their payloads. */
  Map<String, Object> list(LetterQuery query) throws IOException, JetStreamApiException {
    ReplayLog replays = ReplayLog.reading(jetStream, letters);
    return new LetterListing(letters, replays, this::isOver).list(query);
  }

  /**
   * Returns a letter.
   *
   * @param original whether to show its original message, without secrets
   * @throws LetterRequestException when there is no such letter
   */
  Map<String, Object> show(long sequence, boolean original)
      throws IOException, JetStreamApiException, LetterRequestException {
    Letter letter = find(sequence);
    ReplayMark mark = ReplayLog.reading(jetStream, letters).markOf(sequence);
    return LetterFields.page(letter, mark, letters.replayIds().assignmentId(sequence), original);
  }

  /**
   * Replays one letter.
   *
   * @param dryRun whether only to return what would be done
   * @param by who asked for it
   * @throws LetterRequestException when there is no such letter
   */
  Map<String, Object> replayOne(long sequence, boolean dryRun, String by)
      throws IOException, JetStreamApiException, CommandFailedException, LetterRequestException {
    Letter letter = find(sequence);
    Replayer replayer = Replayer.open(jetStream, settings, letters, dryRun, time);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("dry_run", dryRun);
    body.putAll(LetterFields.outcome(sequence, replay(replayer, letter, dryRun, by)));
    return body;
  }

  /**
   * Replays the letters that match, the oldest first. At the limit or the deadline it ends between
   * two letters.
   *
   * @param dryRun whether only to return what would be done
   * @param by who asked for it
   */
  Map<String, Object> replayAll(LetterQuery query, boolean dryRun, String by)
      throws IOException, JetStreamApiException, CommandFailedException {
    Replayer replayer = Replayer.open(jetStream, settings, letters, dryRun, time);
    ReplayCounts counts = new ReplayCounts(letters.size());
    List<Map<String, Object>> outcomes = new ArrayList<>();
    Map<String, Object> next = null;
    long last = Math.min(query.to(), letters.lastSequence());
    try (StreamScan scan = letters.scanFrom(query.from(), query.filter().since())) {
      for (Message m = scan.nextUpTo(last); m != null; m = scan.nextUpTo(last)) {
        Letter letter = LetterStream.letter(m);
        if (outcomes.size() >= query.limit() || isOver()) {
          next = LetterFields.range(letter.sequence(), last);
          break;
        }
        if (query.filter().matches(letter)) {
          ReplayOutcome outcome = replay(replayer, letter, dryRun, by);
          counts.add(outcome);
          if (!(outcome instanceof ReplayOutcome.AlreadyReplayed)) {
            outcomes.add(LetterFields.outcome(letter.sequence(), outcome));
          }
        }
      }
    } finally {
      logCounts(counts, dryRun, by);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("dry_run", dryRun);
    body.putAll(counts.byName(dryRun));
    body.put("dead_letters", outcomes);
    if (next != null) {
      body.put("next", next);
    }
    return body;
  }

  private Letter find(long sequence)
      throws IOException, JetStreamApiException, LetterRequestException {
    try {
      return letters.byNumber(sequence);
    } catch (CommandFailedException e) {
      throw LetterRequestException.notFound(String.valueOf(e.getMessage()));
    }
  }

  private ReplayOutcome replay(Replayer replayer, Letter letter, boolean dryRun, String by)
      throws IOException, JetStreamApiException, CommandFailedException {
    if (dryRun) {
      return replayer.preview(letter);
    }
    ReplayOutcome outcome = replayer.replay(letter);
    if (outcome instanceof ReplayOutcome.Replayed(String id, String old)) {
      LOG.atInfo()
          .addKeyValue("sequence", letter.sequence())
          .addKeyValue("assignment_id", id)
          .addKeyValue("replay_of", Printable.line(old))
          .addKeyValue("user", by)
          .log("Dead letter replayed");
    }
    return outcome;
  }

  private static void logCounts(ReplayCounts counts, boolean dryRun, String by) {
    if (!dryRun) {
      LOG.atInfo()
          .addKeyValue("counts", counts.byName(false))
          .addKeyValue("user", by)
          .log("Replay of dead letters ended");
    }
  }

  private boolean isOver() {
    return deadline.passed(time.nanos());
  }
}
