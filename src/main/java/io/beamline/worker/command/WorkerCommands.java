package io.beamline.worker.command;

import io.beamline.worker.config.CommandSettings;
import io.beamline.worker.config.CommandSettingsException;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.connection.CommandConnection;
import io.beamline.worker.connection.FailureDescription;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.deadletter.CommandFailedException;
import io.beamline.worker.deadletter.LetterFilter;
import io.beamline.worker.deadletter.LetterSession;
import io.beamline.worker.deadletter.Printable;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands of the jar (contract section 9, command line). A command uses the worker's
 * settings, but starts no web server, no intake and no log. Used by one thread.
 */
public final class WorkerCommands {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;

  private final Class<?> worker;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final TimeSource time;

  /**
   * Creates the commands.
   *
   * @param worker the class that configures the worker, for {@code --check}
   * @param out receives the output
   * @param err receives the errors
   * @param terminal whether {@code out} is a terminal
   */
  public WorkerCommands(
      Class<?> worker, PrintStream out, PrintStream err, boolean terminal, TimeSource time) {
    this.worker = worker;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.time = time;
  }

  /** Returns whether a command line is more than settings: a command, be it right or wrong. */
  public static boolean areRequested(String... arguments) {
    return CommandParser.isCommand(List.of(arguments));
  }

  /**
   * Runs the command of a command line. Errors are printed, not thrown.
   *
   * @return the exit code: 0 done, 1 failed or not done for every letter, 2 not a valid command
   *     line
   */
  public int run(String... arguments) {
    try {
      Instant now = Instant.ofEpochMilli(time.epochMillis());
      CommandRequest request = CommandParser.parse(List.of(arguments), now);
      return switch (request.command()) {
        case Command.Help help -> printHelp(help.text());
        case Command.Version version -> printVersion();
        case Command.Check check -> new CheckCommand(worker, out).run(request.settings());
        case Command.Work work -> run(work, request.settings());
      };
    } catch (UsageException e) {
      printError(e.getMessage());
      err.println("Try --help.");
      return BAD_USAGE;
    } finally {
      out.flush();
      err.flush();
    }
  }

  private int printHelp(String usage) {
    out.print(usage);
    return OK;
  }

  private int printVersion() {
    out.println(ProgramVersion.describe());
    return OK;
  }

  private int run(Command.Work work, List<String> workerSettings) {
    try {
      return run(work, CommandSettings.read(workerSettings));
    } catch (CommandSettingsException | UnusableSettingException e) {
      return failed(e.getMessage());
    }
  }

  /** Runs a command with these settings. Returns the exit code. */
  int run(Command.Work work, CommandSettings settings) {
    try {
      CommandConnection connection =
          CommandConnection.open(
              settings.nats(), settings.delivery(), settings.worker(), settings.tls());
      try {
        return run(work, settings, connection);
      } finally {
        connection.close();
      }
    } catch (UnusableSettingException | CommandFailedException e) {
      return failed(e.getMessage());
    } catch (IOException | JetStreamApiException e) {
      return failed(FailureDescription.describe(e));
    } catch (IllegalStateException e) {
      return failed("a defect ended the command: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    }
  }

  private int run(Command.Work work, CommandSettings settings, CommandConnection connection)
      throws JetStreamApiException, CommandFailedException, InterruptedException {
    JetStreamApi jetStream = connection.jetStream();
    try {
      return switch (work) {
        case Command.CancelAssignment cancel ->
            new CancelCommand(jetStream, settings.delivery(), out, time).run(cancel);
        case Command.AssignStep assign ->
            new AssignCommand(jetStream, settings.delivery(), out).run(assign);
        case Command.LetterWork letters ->
            run(letters, LetterSession.open(jetStream, settings.delivery(), out, terminal, time));
      };
    } catch (IOException e) {
      throw new CommandFailedException(connection.describeFailure(e));
    } catch (IllegalStateException e) {
      // The client throws this once its connection is closed; otherwise it is a defect.
      if (jetStream.connection().getStatus() != Connection.Status.CONNECTED) {
        throw new CommandFailedException("the connection to NATS was lost: " + e.getMessage());
      }
      throw e;
    }
  }

  private static int run(Command.LetterWork work, LetterSession letters)
      throws IOException, JetStreamApiException, CommandFailedException {
    return switch (work) {
      case Command.ListLetters(LetterFilter filter) -> letters.list(filter);
      case Command.ShowLetter(String id, boolean reveal) -> letters.show(id, reveal);
      case Command.ReplayOne(String id, boolean dryRun) -> letters.replayOne(id, dryRun);
      case Command.ReplayAll(LetterFilter filter, boolean dryRun) ->
          letters.replayAll(filter, dryRun);
    };
  }

  private int failed(@Nullable String why) {
    printError(why);
    return FAILED;
  }

  private void printError(@Nullable String why) {
    err.println("beamline-worker: " + Printable.line(why));
  }
}
