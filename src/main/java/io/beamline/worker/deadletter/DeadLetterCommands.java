package io.beamline.worker.deadletter;

import io.beamline.worker.config.CommandSettings;
import io.beamline.worker.config.CommandSettingsException;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.connection.CommandConnection;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commands for dead letters: they connect as the worker does, do their work and end, without
 * web server, intake or log. For one thread.
 */
public final class DeadLetterCommands {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final TimeSource time;

  /**
   * Commands that speak to somebody.
   *
   * @param out for what was asked
   * @param err for what went wrong
   * @param terminal whether {@code out} is one
   */
  public DeadLetterCommands(PrintStream out, PrintStream err, boolean terminal, TimeSource time) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.time = time;
  }

  /** Whether a command line asks for one of the commands, rightly or wrongly. Loads no parser. */
  public static boolean areAskedFor(String... arguments) {
    return Arrays.stream(arguments).anyMatch(argument -> argument.startsWith("--dlq"));
  }

  /** Runs the command. Returns the exit code: 0 done, 1 failed, 2 not understood. */
  public int run(String... arguments) {
    try {
      Instant now = Instant.ofEpochMilli(time.epochMillis());
      Request request = CommandParser.parse(List.of(arguments), now);
      return switch (request.command()) {
        case Command.Help help -> explain(help.text());
        case Command.Work work -> run(work, request.settings());
      };
    } catch (UsageException e) {
      tell(e.getMessage());
      err.print(CommandSpecs.usage(""));
      return BAD_USAGE;
    } finally {
      out.flush();
      err.flush();
    }
  }

  private int explain(String usage) {
    out.print(usage);
    return OK;
  }

  private int run(Command.Work work, List<String> workerSettings) {
    try {
      CommandSettings settings = CommandSettings.read(workerSettings);
      Connection connection = CommandConnection.open(settings.nats(), settings.worker());
      try {
        return new Session(connection, settings.delivery(), out, terminal, time).run(work);
      } catch (IllegalStateException e) {
        // The client's way to say that a connection is over; else it is a defect.
        if (connection.getStatus() != Connection.Status.CONNECTED) {
          throw new CommandFailedException("the connection to NATS was lost: " + e.getMessage());
        }
        throw e;
      } finally {
        connection.close();
      }
    } catch (CommandSettingsException | UnusableSettingException | CommandFailedException e) {
      return failed(e.getMessage());
    } catch (IOException e) {
      return failed(CommandConnection.describe(e));
    } catch (JetStreamApiException e) {
      return failed(CommandConnection.describe(e));
    } catch (IllegalStateException e) {
      return failed("a defect ended the command: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    }
  }

  private int failed(@Nullable String why) {
    tell(why);
    return FAILED;
  }

  private void tell(@Nullable String why) {
    err.println("beamline-worker: " + Printable.line(why));
  }
}
