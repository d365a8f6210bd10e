package io.beamline.worker.deadletter;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import java.io.IOException;
import java.io.PrintStream;

/** Does what an operator asks for, on a connection. For one thread. */
final class Session {

  private static final int OK = 0;
  private static final int FAILED = 1;

  private final Connection connection;
  private final NatsDeliveryProperties settings;
  private final PrintStream out;
  private final boolean terminal;
  private final TimeSource time;
  private final LetterStream letters;

  Session(
      Connection connection,
      NatsDeliveryProperties settings,
      PrintStream out,
      boolean terminal,
      TimeSource time)
      throws IOException, JetStreamApiException, CommandFailedException {
    this.connection = connection;
    this.settings = settings;
    this.out = out;
    this.terminal = terminal;
    this.time = time;
    this.letters = LetterStream.open(connection, settings.subjects().dlq());
  }

  /** Does it. Returns 0, or 1 when it was not done for every letter. */
  int run(Command.Work work) throws IOException, JetStreamApiException, CommandFailedException {
    return switch (work) {
      case Command.List(Filter filter) -> list(filter);
      case Command.Show(String id, boolean reveal) -> show(letters.find(id), reveal);
      case Command.ReplayOne(String id, boolean dryRun) -> replayOne(letters.find(id), dryRun);
      case Command.ReplayAll(Filter filter, boolean dryRun) -> replayAll(filter, dryRun);
    };
  }

  private int list(Filter filter) throws IOException, JetStreamApiException {
    ReplayLog replays = ReplayLog.reading(connection, letters);
    long listed = 0;
    long done = 0;
    out.println(LetterText.HEADING);
    try (StreamScan scan = letters.scan(filter.since())) {
      for (Message message = scan.next(); message != null; message = scan.next()) {
        Letter letter = LetterStream.letter(message);
        if (filter.matches(letter)) {
          ReplayMark mark = replays.of(letter.sequence());
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
    ReplayMark mark = ReplayLog.reading(connection, letters).of(letter.sequence());
    String newId = letters.replayIds().assignmentId(letter.sequence());
    out.print(LetterText.page(letter, mark, newId, reveal));
    return OK;
  }

  private int replayOne(Letter letter, boolean dryRun)
      throws IOException, JetStreamApiException, CommandFailedException {
    Replayer replayer = replayer(dryRun);
    Outcome outcome = dryRun ? replayer.look(letter) : replayer.replay(letter);
    out.println(OutcomeText.line(letter, outcome));
    return outcome instanceof Outcome.Impossible ? FAILED : OK;
  }

  private int replayAll(Filter filter, boolean dryRun)
      throws IOException, JetStreamApiException, CommandFailedException {
    Replayer replayer = replayer(dryRun);
    ReplayProgress progress = new ReplayProgress(out, terminal, time);
    try (StreamScan scan = letters.scan(filter.since())) {
      Tally tally = new Tally(scan.count());
      try {
        for (Message message = scan.next(); message != null; message = scan.next()) {
          Letter letter = LetterStream.letter(message);
          if (filter.matches(letter)) {
            tally.count(replayNext(replayer, letter, dryRun, progress));
          } else {
            tally.skip();
          }
          progress.at(tally.progress(dryRun));
        }
      } finally {
        progress.line(tally.summary(dryRun));
      }
      return tally.hasFailures() ? FAILED : OK;
    }
  }

  private static Outcome replayNext(
      Replayer replayer, Letter letter, boolean dryRun, ReplayProgress progress)
      throws IOException, JetStreamApiException, CommandFailedException {
    Outcome outcome = dryRun ? replayer.look(letter) : replayer.replay(letter);
    if (OutcomeText.isWorthALine(outcome)) {
      progress.line(OutcomeText.line(letter, outcome));
    }
    return outcome;
  }

  private Replayer replayer(boolean dryRun)
      throws IOException, JetStreamApiException, CommandFailedException {
    NatsDeliveryProperties.Subjects subjects = settings.subjects();
    Publisher publisher = Publisher.open(connection, subjects.assign());
    ReplayLog replays =
        dryRun
            ? ReplayLog.reading(connection, letters)
            : ReplayLog.writing(connection, letters, settings.provision());
    Evidence evidence = new Evidence(connection, subjects.assign(), subjects.ack());
    return new Replayer(letters.replayIds(), replays, publisher, evidence, time);
  }
}
