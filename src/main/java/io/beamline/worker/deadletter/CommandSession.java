package io.beamline.worker.deadletter;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import java.io.IOException;
import java.io.PrintStream;

/** Runs commands over one connection to NATS. Used by one thread. */
final class CommandSession {

  private static final int OK = 0;
  private static final int FAILED = 1;

  private final JetStreamApi jetStream;
  private final NatsDeliveryProperties settings;
  private final PrintStream out;
  private final boolean terminal;
  private final TimeSource time;
  private final LetterStream letters;

  CommandSession(
      JetStreamApi jetStream,
      NatsDeliveryProperties settings,
      PrintStream out,
      boolean terminal,
      TimeSource time)
      throws IOException, JetStreamApiException, CommandFailedException {
    this.jetStream = jetStream;
    this.settings = settings;
    this.out = out;
    this.terminal = terminal;
    this.time = time;
    this.letters = LetterStream.open(jetStream, settings.subjects().dlq());
  }

  /**
   * Runs a command.
   *
   * @return the exit code: 0, or 1 when a letter cannot be replayed
   */
  int run(Command.LetterWork work)
      throws IOException, JetStreamApiException, CommandFailedException {
    return switch (work) {
      case Command.ListLetters(LetterFilter filter) -> list(filter);
      case Command.ShowLetter(String id, boolean reveal) -> show(letters.find(id), reveal);
      case Command.ReplayOne(String id, boolean dryRun) -> replayOne(letters.find(id), dryRun);
      case Command.ReplayAll(LetterFilter filter, boolean dryRun) -> replayAll(filter, dryRun);
    };
  }

  private int list(LetterFilter filter) throws IOException, JetStreamApiException {
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

  private int show(Letter letter, boolean reveal) throws IOException, JetStreamApiException {
    ReplayMark mark = ReplayLog.reading(jetStream, letters).markOf(letter.sequence());
    String newId = letters.replayIds().assignmentId(letter.sequence());
    out.print(LetterText.page(letter, mark, newId, reveal));
    return OK;
  }

  private int replayOne(Letter letter, boolean dryRun)
      throws IOException, JetStreamApiException, CommandFailedException {
    Replayer replayer = replayer(dryRun);
    ReplayOutcome outcome = dryRun ? replayer.preview(letter) : replayer.replay(letter);
    out.println(OutcomeText.line(letter, outcome));
    return outcome instanceof ReplayOutcome.Impossible ? FAILED : OK;
  }

  private int replayAll(LetterFilter filter, boolean dryRun)
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
    NatsDeliveryProperties.Subjects subjects = settings.subjects();
    AssignmentPublisher publisher = AssignmentPublisher.open(jetStream, subjects.assign());
    ReplayLog replays =
        dryRun
            ? ReplayLog.reading(jetStream, letters)
            : ReplayLog.writing(jetStream, letters, settings.provision());
    PublicationCheck publication =
        new PublicationCheck(jetStream, subjects.assign(), subjects.ack());
    return new Replayer(letters.replayIds(), replays, publisher, publication, time);
  }
}
