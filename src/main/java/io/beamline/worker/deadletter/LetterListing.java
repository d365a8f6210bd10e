package io.beamline.worker.deadletter;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lists the letters of a stream that match, the newest or the oldest first. Used by one thread.
 *
 * @param replays the states of their replays
 * @param over whether the time for it is over
 */
record LetterListing(LetterStream letters, ReplayLog replays, BooleanSupplier over) {

  /** How many letters are read at most to find the newest that match, before the next older. */
  private static final long MAX_BLOCK = 1_024;

  /** Few enough to be read in the time of a request, so that each request gets further. */
  private static final long FIRST_BLOCK = 32;

  /** Returns the letters that match, without their payloads. */
  Map<String, Object> list(LetterQuery query) throws IOException, JetStreamApiException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("stream", letters.configuration().getName());
    body.put("stored", letters.size());
    List<Map<String, Object>> rows = new ArrayList<>();
    Map<String, Object> next = query.newestFirst() ? newest(query, rows) : oldest(query, rows);
    body.put("count", rows.size());
    body.put("dead_letters", rows);
    if (next != null) {
      body.put("next", next);
    }
    return body;
  }

  private @Nullable Map<String, Object> oldest(LetterQuery query, List<Map<String, Object>> rows)
      throws IOException, JetStreamApiException {
    long last = Math.min(query.to(), letters.lastSequence());
    try (StreamScan scan = letters.scanFrom(query.from(), query.filter().since())) {
      for (Message m = scan.nextUpTo(last); m != null; m = scan.nextUpTo(last)) {
        Letter letter = LetterStream.letter(m);
        if (rows.size() >= query.limit() || over.getAsBoolean()) {
          return LetterFields.range(letter.sequence(), last);
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
  private @Nullable Map<String, Object> newest(LetterQuery query, List<Map<String, Object>> rows)
      throws IOException, JetStreamApiException {
    long first = Math.max(query.from(), letters.firstSequence());
    long end = Math.min(query.to(), letters.lastSequence());
    long size = Math.min(FIRST_BLOCK, query.limit());
    while (end >= first) {
      long begin = Math.max(first, end - size + 1);
      LetterBlock block =
          over.getAsBoolean() ? null : block(query, begin, end, query.limit() - rows.size());
      if (block == null) {
        return LetterFields.range(first, end);
      }
      for (FoundLetter found : block.found()) {
        if (over.getAsBoolean()) {
          return LetterFields.range(first, found.sequence());
        }
        LetterFields.mark(found.row(), replays.markOf(found.sequence()));
        rows.add(found.row());
      }
      long unseen = block.more() ? block.oldest() - 1 : begin - 1;
      if (rows.size() >= query.limit() || block.isBeforeSince()) {
        boolean all = unseen < first || (block.isBeforeSince() && !block.more());
        return all ? null : LetterFields.range(first, unseen);
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
      for (Message m = scan.nextUpTo(end); m != null; m = scan.nextUpTo(end)) {
        if (over.getAsBoolean()) {
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
