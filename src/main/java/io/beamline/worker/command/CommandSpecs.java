package io.beamline.worker.command;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Describes the commands and their options to picocli. */
final class CommandSpecs {

  static final String LIST = "--dlq-list";
  static final String SHOW = "--dlq-show";
  static final String REPLAY = "--dlq-replay";
  static final String CANCEL = "--cancel";
  static final String CHECK = "--check";
  static final String ASSIGN = "--assign";
  static final String VERSION = "--version";
  static final List<String> COMMANDS = List.of(CHECK, ASSIGN, CANCEL, LIST, SHOW, REPLAY, VERSION);

  static final String REASON = "--reason";
  static final String TENANT = "--tenant";
  static final String SINCE = "--since";
  static final String UNTIL = "--until";
  static final String TYPE = "--type";
  static final String CODE = "--code";

  /** The options that select dead letters. */
  static final List<String> FILTERS = List.of(REASON, TENANT, TYPE, CODE, SINCE, UNTIL);

  static final String ALL = "--all";
  static final String REVEAL = "--reveal";
  static final String DRY_RUN = "--dry-run";
  static final String WAIT = "--wait";
  static final String HELP = "--help";

  private static final String[] SETTINGS = {
    "",
    "The settings are the worker's: NATS_URL and the others, or --worker.nats.subjects.dlq=..."
        + " and the like."
  };

  private CommandSpecs() {}

  /** Returns a new program with its commands, to parse one command line. */
  static CommandLine program() {
    CommandSpec root =
        spec("Without a command the worker starts.").name("java -jar beamline-worker.jar");
    root.usageMessage().synopsisSubcommandLabel("[COMMAND]");
    root.addSubcommand(CHECK, check())
        .addSubcommand(ASSIGN, assign())
        .addSubcommand(CANCEL, cancel())
        .addSubcommand(LIST, list())
        .addSubcommand(SHOW, show())
        .addSubcommand(REPLAY, replay())
        .addSubcommand(VERSION, alone("Prints the version."));
    return new CommandLine(root).setExpandAtFiles(false);
  }

  /** Returns the help for a command, or for the whole program if there is no such command. */
  static String usage(String command) {
    CommandLine program = program();
    return program.getSubcommands().getOrDefault(command, program).getUsageMessage(Ansi.OFF);
  }

  /** Returns the names of all commands and options. */
  static List<String> names() {
    return Stream.concat(
            COMMANDS.stream(),
            program().getSubcommands().values().stream()
                .flatMap(command -> command.getCommandSpec().optionsMap().keySet().stream()))
        .distinct()
        .toList();
  }

  private static CommandSpec check() {
    return alone(
        "Checks the settings, then NATS, its streams and the consumer, the databases and the folders"
            + " of files: one line each. Changes nothing. Exit code 1 if the worker could not work.");
  }

  private static CommandSpec assign() {
    CommandSpec spec = spec("Assigns a step, for example: --assign echo '{\"a\": 1}' --wait");
    return spec.addOption(text(TENANT, "T", "The tenant of the assignment; by-hand if absent."))
        .addOption(flag(WAIT, "Print the ack and the result. Exit code 1 if it is not a success."))
        .addPositional(
            words("TYPE JSON").description("The type of the step, and its inputs.").build());
  }

  private static CommandSpec list() {
    return filtered(alone("Lists the dead letters, one line each."));
  }

  private static CommandSpec show() {
    CommandSpec spec = spec("Shows a whole dead letter.");
    return spec.addOption(flag(REVEAL, "Also show what is secret by its name."))
        .addPositional(id().build());
  }

  private static CommandSpec replay() {
    CommandSpec spec = spec("Assigns a dead letter anew under a new id.");
    spec.addOption(flag(ALL, "Assign all that match anew, instead of the one with an ID."));
    return filtered(spec)
        .addOption(flag(DRY_RUN, "Print what would be done and change nothing."))
        .addPositional(id().build());
  }

  private static CommandSpec cancel() {
    CommandSpec spec = spec("Cancels an assignment, wherever it is in the fleet.");
    return spec.addOption(text(TENANT, "T", "The tenant of the assignment. Required."))
        .addOption(text(REASON, "R", "Why, for people: at most 256 printable characters."))
        .addPositional(id().description("The assignment_id.").build());
  }

  /** A command that takes no ID, and whose parser says so. */
  private static CommandSpec alone(String description) {
    return spec(description).addPositional(id().hidden(true).build());
  }

  private static CommandSpec spec(String description) {
    CommandSpec spec = CommandSpec.create();
    spec.addOption(
        OptionSpec.builder(HELP).usageHelp(true).description("Print this help.").build());
    spec.usageMessage().description(description).footer(SETTINGS);
    return spec;
  }

  private static CommandSpec filtered(CommandSpec spec) {
    return spec.addOption(
            text(REASON, "R", "Only those with this reason: malformed, max_deliver or failed."))
        .addOption(text(TENANT, "T", "Only those of this tenant."))
        .addOption(text(TYPE, "J", "Only those of jobs of this type."))
        .addOption(text(CODE, "C", "Only those with this error, such as NETWORK_ERROR."))
        .addOption(
            text(
                SINCE,
                "T",
                "Only those since a time (2026-11-26T10:00:00Z) or for so long (30m, 2h, 7d)."))
        .addOption(text(UNTIL, "T", "Only those before a time, in the same forms."));
  }

  private static OptionSpec text(String name, String label, String description) {
    return OptionSpec.builder(name)
        .type(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  private static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).description(description).build();
  }

  private static PositionalParamSpec.Builder id() {
    return words("ID")
        .description(
            "The number that the list shows, or an assignment_id that only one dead letter has"
                + " and that is no number.");
  }

  /** Accepts any number of words, so that the parser can name the surplus in its error. */
  private static PositionalParamSpec.Builder words(String label) {
    return PositionalParamSpec.builder()
        .paramLabel(label)
        .arity("0..*")
        .type(List.class)
        .auxiliaryTypes(String.class);
  }
}
