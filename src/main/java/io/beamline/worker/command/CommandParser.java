package io.beamline.worker.command;

import static io.beamline.worker.command.CommandSpecs.ALL;
import static io.beamline.worker.command.CommandSpecs.ASSIGN;
import static io.beamline.worker.command.CommandSpecs.CANCEL;
import static io.beamline.worker.command.CommandSpecs.CHECK;
import static io.beamline.worker.command.CommandSpecs.CODE;
import static io.beamline.worker.command.CommandSpecs.COMMANDS;
import static io.beamline.worker.command.CommandSpecs.DRY_RUN;
import static io.beamline.worker.command.CommandSpecs.FILTERS;
import static io.beamline.worker.command.CommandSpecs.HELP;
import static io.beamline.worker.command.CommandSpecs.REASON;
import static io.beamline.worker.command.CommandSpecs.REPLAY;
import static io.beamline.worker.command.CommandSpecs.REVEAL;
import static io.beamline.worker.command.CommandSpecs.SHOW;
import static io.beamline.worker.command.CommandSpecs.SINCE;
import static io.beamline.worker.command.CommandSpecs.TENANT;
import static io.beamline.worker.command.CommandSpecs.TYPE;
import static io.beamline.worker.command.CommandSpecs.UNTIL;
import static io.beamline.worker.command.CommandSpecs.VERSION;
import static io.beamline.worker.command.CommandSpecs.WAIT;

import io.beamline.worker.config.Nearest;
import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.JsonPart;
import io.beamline.worker.deadletter.LetterFilter;
import io.beamline.worker.deadletter.LetterTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Parses a command line. Used by one thread. */
final class CommandParser {

  /**
   * What Spring takes as a setting: a name with dots or in capitals, such as {@code --worker.id=w}
   * or {@code --CP2_CANCELLATION_ENABLED=true}, and its two switches.
   */
  private static final Predicate<String> SETTING =
      Pattern.compile(
              "--([a-z][A-Za-z0-9-]*\\.[^=]+|[A-Z][A-Z0-9_]*|debug|trace)(=.*)?", Pattern.DOTALL)
          .asMatchPredicate();

  private static final String USUAL_TENANT = "by-hand";

  private final String command;
  private final ParseResult parsed;
  private final List<String> words;
  private final @Nullable String id;
  private final Instant now;

  private CommandParser(ParseResult parsed, Instant now) throws UsageException {
    this.command = parsed.commandSpec().name();
    this.parsed = parsed;
    this.words =
        parsed.matchedPositionals().stream().flatMap(p -> p.stringValues().stream()).toList();
    this.id = command.equals(ASSIGN) ? null : id(words);
    this.now = now;
  }

  /** Returns whether a command line is more than settings of the worker. */
  static boolean isCommand(List<String> arguments) {
    return !arguments.stream().allMatch(SETTING);
  }

  /**
   * Parses the arguments.
   *
   * @param now the time from which {@code --since} counts back
   * @throws UsageException when the command line is not valid
   */
  static CommandRequest parse(List<String> arguments, Instant now) throws UsageException {
    Map<Boolean, List<String>> parts =
        arguments.stream().collect(Collectors.partitioningBy(SETTING));
    List<String> words = parts.getOrDefault(false, List.of());
    Command command =
        words.contains(HELP)
            ? new Command.Help(CommandSpecs.usage(String.join(" ", commands(words))))
            : parsed(words, now).command();
    return new CommandRequest(command, parts.getOrDefault(true, List.of()));
  }

  private static CommandParser parsed(List<String> words, Instant now) throws UsageException {
    try {
      ParseResult program = CommandSpecs.program().parseArgs(commandFirst(words));
      if (!program.hasSubcommand()) {
        throw new UsageException("without a command, " + words.getFirst() + " has no meaning");
      }
      return new CommandParser(program.subcommand(), now);
    } catch (ParameterException e) {
      throw new UsageException(fault(e));
    }
  }

  private static List<String> commands(List<String> words) {
    return words.stream().map(word -> word.split("=", 2)[0]).filter(COMMANDS::contains).toList();
  }

  /**
   * Returns the words in the order that picocli needs. Operators may write options before the
   * command, and an ID that looks like an option after an equals sign.
   */
  private static String[] commandFirst(List<String> words) throws UsageException {
    List<String> commands = commands(words);
    if (commands.size() > 1) {
      throw new UsageException("only one command at a time, not " + String.join(" and ", commands));
    }
    List<String> options = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (String word : words) {
      String[] parts = word.split("=", 2);
      if (!COMMANDS.contains(parts[0])) {
        options.add(word);
      } else if (parts.length == 2) {
        ids.addAll(List.of("--", parts[1]));
      }
    }
    return Stream.of(commands, options, ids).flatMap(List::stream).toArray(String[]::new);
  }

  private static String fault(ParameterException fault) {
    return switch (fault) {
      case MissingParameterException e -> name(e.getMissing().getFirst()) + " needs a value";
      case OverwrittenOptionException e -> name(e.getOverwritten()) + " is there twice";
      case UnmatchedArgumentException e -> unknown(e.getUnmatched().getFirst(), e);
      default -> String.valueOf(fault.getMessage());
    };
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static String unknown(String option, UnmatchedArgumentException fault) {
    String name = option.split("=", 2)[0];
    List<String> names = CommandSpecs.names();
    if (names.contains(name)) {
      return name + " does not go with " + command(fault);
    }
    String meant = Nearest.to(name, names);
    return "there is no "
        + (name.startsWith("--") ? "option '" : "command '")
        + option
        + (meant == null ? "'" : "': did you mean " + meant + "?");
  }

  private static String command(UnmatchedArgumentException fault) {
    String name = fault.getCommandLine().getCommandName();
    return COMMANDS.contains(name) ? name : "no command";
  }

  private static @Nullable String id(List<String> ids) throws UsageException {
    if (ids.size() > 1) {
      throw new UsageException(
          "only one ID at a time, not '" + ids.get(0) + "' and '" + ids.get(1) + "'");
    }
    if (ids.contains("")) {
      throw new UsageException("the ID is empty");
    }
    return ids.isEmpty() ? null : ids.getFirst();
  }

  private Command command() throws UsageException {
    return switch (command) {
      case VERSION -> alone(new Command.Version());
      case CHECK -> alone(new Command.Check());
      case ASSIGN -> assign();
      case CANCEL -> cancel();
      case SHOW -> new Command.ShowLetter(requiredId(), has(REVEAL));
      case REPLAY -> has(ALL) ? replayAll() : replayOne();
      default -> list();
    };
  }

  private Command alone(Command wanted) throws UsageException {
    noId(command);
    return wanted;
  }

  private Command assign() throws UsageException {
    if (words.size() != 2) {
      throw new UsageException(
          ASSIGN
              + " needs a type and its inputs as one JSON object, as in "
              + ASSIGN
              + " echo '{\"a\": 1}'");
    }
    String tenant = parsed.matchedOptionValue(TENANT, USUAL_TENANT);
    return new Command.AssignStep(words.getFirst(), payload(words.getLast()), tenant, has(WAIT));
  }

  private static RawJson payload(String text) throws UsageException {
    Utf8Text utf8 = Utf8Text.of(text);
    RawJson json = utf8 == null ? null : JsonPart.of(utf8);
    if (json == null || !json.isObject()) {
      throw new UsageException("the inputs must be one JSON object, but are: " + text);
    }
    return json;
  }

  private Command list() throws UsageException {
    noId(command);
    return new Command.ListLetters(filter());
  }

  private Command replayOne() throws UsageException {
    String wanted = requiredId();
    for (String option : FILTERS) {
      if (has(option)) {
        throw new UsageException(option + " does not go with " + command + " ID");
      }
    }
    return new Command.ReplayOne(wanted, has(DRY_RUN));
  }

  private Command cancel() throws UsageException {
    String wanted = requiredId();
    String tenant = parsed.matchedOptionValue(TENANT, null);
    if (tenant == null) {
      throw new UsageException(command + " needs " + TENANT);
    }
    return new Command.CancelAssignment(wanted, tenant, parsed.matchedOptionValue(REASON, null));
  }

  private Command replayAll() throws UsageException {
    noId(ALL);
    return new Command.ReplayAll(filter(), has(DRY_RUN));
  }

  private boolean has(String option) {
    return parsed.hasMatchedOption(option);
  }

  private LetterFilter filter() throws UsageException {
    String reason = parsed.matchedOptionValue(REASON, null);
    return new LetterFilter(
        reason == null ? null : reason(reason),
        parsed.matchedOptionValue(TENANT, null),
        parsed.matchedOptionValue(TYPE, null),
        code(parsed.matchedOptionValue(CODE, null)),
        time(SINCE),
        time(UNTIL));
  }

  private @Nullable Instant time(String option) throws UsageException {
    String text = parsed.matchedOptionValue(option, null);
    if (text == null) {
      return null;
    }
    Instant time = LetterTime.parse(text, now);
    if (time == null) {
      throw new UsageException(option + " is '" + text + "', but must be " + LetterTime.RULE);
    }
    return time;
  }

  /** A misspelt code would select nothing, as if there were nothing to do. */
  private static @Nullable String code(@Nullable String text) throws UsageException {
    List<String> codes = Stream.of(ErrorCode.values()).map(Enum::name).toList();
    if (text == null || codes.contains(text)) {
      return text;
    }
    String meant = Nearest.to(text, codes);
    throw new UsageException(
        CODE
            + " is '"
            + text
            + "', but must be the name of an error code"
            + (meant == null ? "" : ": did you mean " + meant + "?"));
  }

  private static Reason reason(String text) throws UsageException {
    Reason reason = Reason.of(text);
    if (reason == null) {
      throw new UsageException("--reason is '" + text + "', but must be one of " + Reason.names());
    }
    return reason;
  }

  private void noId(String with) throws UsageException {
    if (id != null) {
      throw new UsageException(with + " takes no ID, but there is '" + id + "'");
    }
  }

  private String requiredId() throws UsageException {
    if (id == null) {
      throw new UsageException(
          command + " needs an ID" + (command.equals(REPLAY) ? ", or --all" : ""));
    }
    return id;
  }
}
