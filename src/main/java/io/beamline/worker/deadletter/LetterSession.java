package io.beamline.worker.deadletter;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import java.io.IOException;
import java.io.PrintStream;

/** Runs commands for dead letters over one connection to NATS. Used by one thread. */
public final class LetterSession {

  private static final int OK = 0;
  private static final int FAILED = 1;

  private final JetStreamApi jetStream;
  private final NatsDeliveryProperties settings;
  private final PrintStream out;
  private final boolean terminal;
  private final TimeSource time;
  private final LetterStream letters;

  private LetterSession(
      JetStreamApi jetStream,
      NatsDeliveryProperties settings,
      PrintStream out,
      boolean terminal,
      TimeSource time,
      LetterStream letters) {
    this.jetStream = jetStream;
    this.settings = settings;
    this.out = out;
    this.terminal = terminal;
    this.time = time;
    this.letters = letters;
  }

  /**
   * Opens the stream of dead letters.
   *
   * @param out receives the output
   * @param terminal whether {@code out} is a terminal
   * @throws CommandFailedException if there is no such stream
   */
  public static LetterSession open(
      JetStreamApi jetStream,
      NatsDeliveryProperties settings,
      PrintStream out,
      boolean terminal,
      TimeSource time)
      throws IOException, JetStreamApiException, CommandFailedException {
    LetterStream letters = LetterStream.open(jetStream, settings.subjects().dlq());
    return new LetterSession(jetStream, settings, out, terminal, time, letters);
  }

  /** Lists the letters that match, one per line. Returns the exit code, 0. */
  public int list(LetterFilter filter) throws IOException, JetStreamApiException {
    ReplayLog replays = ReplayLog.reading(jetStream, letters);
    long listed = 0;
    long done = 0;
    out.println(LetterText.HEADING);
    try (StreamScan scan = letters.scan(filter.since())) {
      for (Message message = scan.next(); message != null; message = scan.next()) {
        Letter letter = LetterStream.letter(message);
        if (filter.matches(letter)) {
          ReplayMark mark = replays.markOf(letter.sequence());
          out.println(LetterText.row(letter, mark));
          listed++;
          done += mark.state() == ReplayMark.State.DONE ? 1 : 0;
        }
      }
    }
    out.println(listed + " dead letters, of which " + done + " were replayed");
    return OK;
  }

  /**
   * Shows a whole letter. Returns the exit code, 0.
   *
   * @param id the letter's number in the stream, or its assignment's id
   * @param reveal whether to show values that are secret by name
   */
  public int show(String id, boolean reveal)
      throws IOException, JetStreamApiException, CommandFailedException {
    Letter letter = letters.find(id);
    ReplayMark mark = ReplayLog.reading(jetStream, letters).markOf(letter.sequence());
    String newId = letters.replayIds().assignmentId(letter.sequence());
    out.print(LetterText.page(letter, mark, newId, reveal));
    return OK;
  }

  /**
   * Replays one letter. Returns the exit code: 0, or 1 if it cannot be replayed.
   *
   * @param id the letter's number in the stream, or its assignment's id
   * @param dryRun whether only to print what would be done
   */
  public int replayOne(String id, boolean dryRun)
      throws IOException, JetStreamApiException, CommandFailedException {
    Letter letter = letters.find(id);
    Replayer replayer = replayer(dryRun);
    ReplayOutcome outcome = dryRun ? replayer.preview(letter) : replayer.replay(letter);
    out.println(OutcomeText.line(letter, outcome));
    return outcome instanceof ReplayOutcome.Impossible ? FAILED : OK;
  }

  /**
   * Replays all letters that match. Returns the exit code: 0, or 1 if one cannot be replayed.
   *
   * @param dryRun whether only to print what would be done
   */
  public int replayAll(LetterFilter filter, boolean dryRun)
      throws IOException, JetStreamApiException, CommandFailedException {
    Replayer replayer = replayer(dryRun);
    ReplayProgress progress = new ReplayProgress(out, terminal, time);
    try (StreamScan scan = letters.scan(filter.since())) {
      ReplayCounts counts = new ReplayCounts(scan.count());
      try {
        for (Message message = scan.next(); message != null; message = scan.next()) {
          Letter letter = LetterStream.letter(message);
          if (filter.matches(letter)) {
            counts.add(replayNext(replayer, letter, dryRun, progress));
          } else {
            counts.skip();
          }
          progress.update(counts.progress(dryRun));
        }
      } finally {
        progress.print(counts.summary(dryRun));
      }
      return counts.hasFailures() ? FAILED : OK;
    }
  }

  private static ReplayOutcome replayNext(
      Replayer replayer, Letter letter, boolean dryRun, ReplayProgress progress)
      throws IOException, JetStreamApiException, CommandFailedException {
    ReplayOutcome outcome = dryRun ? replayer.preview(letter) : replayer.replay(letter);
    if (OutcomeText.isListedByReplayAll(outcome)) {
      progress.print(OutcomeText.line(letter, outcome));
    }
    return outcome;
  }

  private Replayer replayer(boolean dryRun)
      throws IOException, JetStreamApiException, CommandFailedException {
    return Replayer.open(jetStream, settings, letters, dryRun, time);
  }
}
