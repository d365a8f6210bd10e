package io.beamline.worker.deadletter;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one request over HTTP does with the letters of a stream (contract section 9). Each operation
 * ends soon after the deadline, and then says in {@code next} with what the following request goes
 * on. Of a letter that is read, only its row is kept. Used by one thread.
 */
final class LetterOperations {

  private static final Logger LOG = LoggerFactory.getLogger(LetterOperations.class);

  /** How many letters are read at most to find the newest that match, before the next older. */
  private static final long MAX_BLOCK = 1_024;

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
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("stream", letters.configuration().getName());
    body.put("stored", letters.size());
    List<Map<String, Object>> rows = new ArrayList<>();
    Map<String, Object> next =
        query.newestFirst() ? newest(query, replays, rows) : oldest(query, replays, rows);
    body.put("count", rows.size());
    body.put("dead_letters", rows);
    putNext(body, next);
    return body;
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
      for (Message m = next(scan, last); m != null && next == null; m = next(scan, last)) {
        Letter letter = LetterStream.letter(m);
        if (outcomes.size() >= query.limit() || isOver()) {
          next = range(letter.sequence(), last);
        } else if (query.filter().matches(letter)) {
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
    putNext(body, next);
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

  private @Nullable Map<String, Object> oldest(
      LetterQuery query, ReplayLog replays, List<Map<String, Object>> rows)
      throws IOException, JetStreamApiException {
    long last = Math.min(query.to(), letters.lastSequence());
    try (StreamScan scan = letters.scanFrom(query.from(), query.filter().since())) {
      for (Message m = next(scan, last); m != null; m = next(scan, last)) {
        Letter letter = LetterStream.letter(m);
        if (rows.size() >= query.limit() || isOver()) {
          return range(letter.sequence(), last);
        }
        if (query.filter().matches(letter)) {
          Map<String, Object> row = LetterFields.row(letter);
          LetterFields.mark(row, replays.markOf(letter.sequence()));
          rows.add(row);
        }
      }
    }
    return null;
  }

  /** A stream can only be read forwards, so this reads it in blocks, from the last one back. */
  private @Nullable Map<String, Object> newest(
      LetterQuery query, ReplayLog replays, List<Map<String, Object>> rows)
      throws IOException, JetStreamApiException {
    long first = Math.max(query.from(), letters.firstSequence());
    long end = Math.min(query.to(), letters.lastSequence());
    long size = query.limit();
    while (end >= first) {
      long begin = Math.max(first, end - size + 1);
      LetterBlock block = block(query, begin, end, query.limit() - rows.size());
      if (block == null) {
        return range(first, end);
      }
      for (FoundLetter found : block.found()) {
        if (isOver()) {
          return range(first, found.sequence());
        }
        LetterFields.mark(found.row(), replays.markOf(found.sequence()));
        rows.add(found.row());
      }
      long unseen = block.more() ? block.oldest() - 1 : begin - 1;
      if (rows.size() >= query.limit() || block.isBeforeSince()) {
        boolean all = unseen < first || (block.isBeforeSince() && !block.more());
        return all ? null : range(first, unseen);
      }
      end = unseen;
      size = Math.min(MAX_BLOCK, size * 2);
    }
    return null;
  }

  /**
   * Reads a block.
   *
   * @param most how many letters to find at most
   * @return null when the time is over before the end of the block
   */
  private @Nullable LetterBlock block(LetterQuery query, long begin, long end, int most)
      throws IOException, JetStreamApiException {
    Deque<FoundLetter> found = new ArrayDeque<>();
    boolean more = false;
    boolean beforeSince = false;
    try (StreamScan scan = letters.scanFrom(begin, null)) {
      for (Message m = next(scan, end); m != null; m = next(scan, end)) {
        if (isOver()) {
          return null;
        }
        Letter letter = LetterStream.letter(m);
        beforeSince |=
            query.filter().since() != null && letter.time().isBefore(query.filter().since());
        if (query.filter().matches(letter)) {
          found.addFirst(new FoundLetter(letter.sequence(), LetterFields.row(letter)));
          if (found.size() > most) {
            found.removeLast();
            more = true;
          }
        }
      }
    }
    return new LetterBlock(found, more, beforeSince);
  }

  /** Returns the next message up to a number, or null if there is none left. */
  private static @Nullable Message next(StreamScan scan, long last)
      throws IOException, JetStreamApiException {
    Message message = scan.next();
    return message == null || message.metaData().streamSequence() > last ? null : message;
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

  private static Map<String, Object> range(long from, long to) {
    Map<String, Object> range = new LinkedHashMap<>();
    range.put("from", from);
    range.put("to", to);
    return range;
  }

  private static void putNext(Map<String, Object> body, @Nullable Map<String, Object> next) {
    if (next != null) {
      body.put("next", next);
    }
  }

  /** A letter that matches. */
  private record FoundLetter(long sequence, Map<String, Object> row) {}

  /**
   * A part of the stream that was read.
   *
   * @param found the newest letters in it that match, the newest first
   * @param more whether older ones in it match too
   * @param isBeforeSince whether it reaches back before the earliest time that is wanted
   */
  private record LetterBlock(Deque<FoundLetter> found, boolean more, boolean isBeforeSince) {

    /** Returns the number of the oldest letter that was found; there is one if there are more. */
    long oldest() {
      return found.getLast().sequence();
    }
  }
}
