package io.beamline.worker.deadletter;

import io.beamline.worker.contract.DeadLetter.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a command line. Pure. For one thread. */
final class CommandLine {

  static final String USAGE =
      """
      Usage: java -jar beamline-worker.jar COMMAND
        --dlq-list   [--reason R] [--since T]                        one line for each dead letter
        --dlq-show   ID [--reveal]                                   a whole dead letter
        --dlq-replay ID [--dry-run]                                  assigns it anew under a new id
        --dlq-replay --all [--reason R] [--since T] [--dry-run]      assigns all that match anew
      ID is the number that the list shows, or an assignment_id that only one dead letter has
      and that is no number.
      R is malformed, max_deliver or failed. T is a time (2026-11-26T10:00:00Z) or how long ago (30m, 2h, 7d).
      --reveal shows what is secret by its name; --dry-run says what would be done and changes nothing.
      The settings are the worker's: NATS_URL and the others, or --worker.nats.subjects.dlq=... and the like.
      """;

  private static final Pattern SETTING = Pattern.compile("--[a-z][A-Za-z0-9-]*\\.[^=]+=.*");
  private static final Set<String> COMMANDS = Set.of("--dlq-list", "--dlq-show", "--dlq-replay");
  private static final Set<String> WITH_VALUE = Set.of("--reason", "--since");
  private static final Set<String> WITHOUT_VALUE = Set.of("--all", "--reveal", "--dry-run");

  private final Map<String, String> options = new LinkedHashMap<>();
  private final List<String> settings = new ArrayList<>();
  private final Instant now;
  private @Nullable String command;
  private @Nullable String id;

  private CommandLine(Instant now) {
    this.now = now;
  }

  /** Whether the arguments ask for a command at all, rightly or wrongly. */
  static boolean isFor(String... arguments) {
    return Arrays.stream(arguments).anyMatch(argument -> argument.startsWith("--dlq"));
  }

  /**
   * Understands the arguments.
   *
   * @param now the time that {@code --since} counts back from
   */
  static Request parse(List<String> arguments, Instant now) throws UsageException {
    if (arguments.contains("--help")) {
      return new Request(new Command.Help(), List.of());
    }
    CommandLine line = new CommandLine(now);
    line.read(arguments);
    return new Request(line.command(), List.copyOf(line.settings));
  }

  private void read(List<String> arguments) throws UsageException {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      String[] parts = argument.split("=", 2);
      boolean joined = argument.startsWith("--") && parts.length == 2;
      if (WITH_VALUE.contains(parts[0])) {
        i += joined ? 0 : 1;
        option(parts[0], joined ? parts[1] : valueAt(arguments, i, parts[0]));
      } else if (COMMANDS.contains(parts[0])) {
        command(parts[0]);
        if (joined) {
          id(parts[1]);
        }
      } else if (WITHOUT_VALUE.contains(argument)) {
        option(argument, "");
      } else if (SETTING.matcher(argument).matches()) {
        settings.add(argument);
      } else {
        other(argument);
      }
    }
  }

  private void other(String argument) throws UsageException {
    if (argument.startsWith("-")) {
      throw new UsageException("there is no option '" + argument + "'");
    }
    id(argument);
  }

  private static String valueAt(List<String> arguments, int i, String option)
      throws UsageException {
    if (i >= arguments.size() || arguments.get(i).startsWith("--")) {
      throw new UsageException(option + " needs a value");
    }
    return arguments.get(i);
  }

  private void option(String name, String value) throws UsageException {
    if (options.put(name, value) != null) {
      throw new UsageException(name + " is there twice");
    }
  }

  private void command(String name) throws UsageException {
    if (command != null) {
      throw new UsageException("only one command at a time, not " + command + " and " + name);
    }
    command = name;
  }

  private void id(String value) throws UsageException {
    if (id != null) {
      throw new UsageException("only one ID at a time, not '" + id + "' and '" + value + "'");
    }
    if (value.isEmpty()) {
      throw new UsageException("the ID is empty");
    }
    id = value;
  }

  private Command command() throws UsageException {
    return switch (command) {
      case "--dlq-list" -> list();
      case "--dlq-show" -> show();
      case "--dlq-replay" -> options.containsKey("--all") ? replayAll() : replayOne();
      case null, default ->
          throw new UsageException("the commands are --dlq-list, --dlq-show and --dlq-replay");
    };
  }

  private Command list() throws UsageException {
    allow("--reason", "--since");
    noId("--dlq-list");
    return new Command.List(filter());
  }

  private Command show() throws UsageException {
    allow("--reveal");
    return new Command.Show(requiredId(), options.containsKey("--reveal"));
  }

  private Command replayOne() throws UsageException {
    String wanted = requiredId();
    allow("--dry-run");
    return new Command.ReplayOne(wanted, options.containsKey("--dry-run"));
  }

  private Command replayAll() throws UsageException {
    allow("--all", "--reason", "--since", "--dry-run");
    noId("--all");
    return new Command.ReplayAll(filter(), options.containsKey("--dry-run"));
  }

  private Filter filter() throws UsageException {
    String reason = options.get("--reason");
    String since = options.get("--since");
    return new Filter(
        reason == null ? null : reason(reason), since == null ? null : Since.parse(since, now));
  }

  private static Reason reason(String text) throws UsageException {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.wireName().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--reason is '"
                        + text
                        + "', but must be one of "
                        + Arrays.stream(Reason.values())
                            .map(Reason::wireName)
                            .collect(Collectors.joining(", "))));
  }

  private void allow(String... names) throws UsageException {
    for (String name : options.keySet()) {
      if (!Arrays.asList(names).contains(name)) {
        throw new UsageException(name + " does not go with " + command + (id == null ? "" : " ID"));
      }
    }
  }

  private void noId(String with) throws UsageException {
    if (id != null) {
      throw new UsageException(with + " takes no ID, but there is '" + id + "'");
    }
  }

  private String requiredId() throws UsageException {
    if (id == null) {
      throw new UsageException(
          command + " needs an ID" + ("--dlq-replay".equals(command) ? ", or --all" : ""));
    }
    return id;
  }
}
