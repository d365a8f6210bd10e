package io.beamline.worker.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.deadletter.LetterFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {

  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
  private static final LetterFilter ALL = new LetterFilter(null, null);

  static Stream<Arguments> understood() {
    LetterFilter filter = new LetterFilter(Reason.MAX_DELIVER, NOW.minus(Duration.ofHours(2)));
    return Stream.of(
        arguments("--dlq-list", new Command.ListLetters(ALL)),
        arguments("--dlq-list --since 2h --reason max_deliver", new Command.ListLetters(filter)),
        arguments("--reason=max_deliver --dlq-list --since=2h", new Command.ListLetters(filter)),
        arguments(
            "--dlq-list --tenant t --type echo --code NETWORK_ERROR --until 2h",
            new Command.ListLetters(
                new LetterFilter(
                    null, "t", "echo", "NETWORK_ERROR", null, NOW.minus(Duration.ofHours(2))))),
        arguments("--dlq-show 17", new Command.ShowLetter("17", false)),
        arguments("--dlq-show=--odd --reveal", new Command.ShowLetter("--odd", true)),
        arguments("--dlq-replay a-1", new Command.ReplayOne("a-1", false)),
        arguments("--dry-run --dlq-replay 17", new Command.ReplayOne("17", true)),
        arguments(
            "--cancel a-1 --tenant t --reason gone",
            new Command.CancelAssignment("a-1", "t", "gone")),
        arguments("--tenant=t --cancel=--odd", new Command.CancelAssignment("--odd", "t", null)),
        arguments("--check", new Command.Check()),
        arguments("--version", new Command.Version()),
        arguments(
            "--assign echo {\"a\":1}",
            new Command.AssignStep("echo", new RawJson("{\"a\":1}"), "by-hand", false)),
        arguments(
            "--wait --assign echo {} --tenant t",
            new Command.AssignStep("echo", new RawJson("{}"), "t", true)),
        arguments("--dlq-replay --all", new Command.ReplayAll(ALL, false)),
        arguments(
            "--dlq-replay --all --reason max_deliver --since 2h --dry-run",
            new Command.ReplayAll(filter, true)));
  }

  @ParameterizedTest
  @MethodSource("understood")
  void understands(String line, Command expected) throws UsageException {
    assertThat(parse(line).command()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "--dlq-lst,there is no option '--dlq-lst': did you mean --dlq-list?",
        "--hlep,there is no option '--hlep': did you mean --help?",
        "--chekc,there is no option '--chekc': did you mean --check?",
        "--dlq-list --verbose,there is no option '--verbose'",
        "--dlq-list --snice 2h,there is no option '--snice': did you mean --since?",
        "start,there is no command 'start'",
        "-Dworker.id=w,there is no command '-Dworker.id=w'",
        "--wait,--wait does not go with no command",
        "--check 1,`--check takes no ID, but there is '1'`",
        "--check --wait,--wait does not go with --check",
        "--assign,`--assign needs a type and its inputs as one JSON object, as in --assign echo '{\"a\": 1}'`",
        "--assign echo [1],`the inputs must be one JSON object, but are: [1]`",
        "--dlq-list --all,--all does not go with --dlq-list",
        "--dlq-list 17,`--dlq-list takes no ID, but there is '17'`",
        "--dlq-show,--dlq-show needs an ID",
        "--dlq-show=,the ID is empty",
        "--dlq-show 1 2,`only one ID at a time, not '1' and '2'`",
        "--dlq-show 1 --dry-run,--dry-run does not go with --dlq-show",
        "--dlq-replay,`--dlq-replay needs an ID, or --all`",
        "--dlq-replay 1 --all,`--all takes no ID, but there is '1'`",
        "--dlq-replay 1 --since 2h,--since does not go with --dlq-replay ID",
        "--dlq-replay --all --reveal,--reveal does not go with --dlq-replay",
        "--dlq-list --dlq-show 1,`only one command at a time, not --dlq-list and --dlq-show`",
        "--cancel,--cancel needs an ID",
        "--cancel a-1,--cancel needs --tenant",
        "--cancel a-1 --tenant t --all,--all does not go with --cancel",
        "--dlq-list --reason,--reason needs a value",
        "--dlq-list --code NETWORK_EROR,`--code is 'NETWORK_EROR', but must be the name of an error code: did you mean NETWORK_ERROR?`",
        "--dlq-list --until soon,`--until is 'soon', but must be a time such as 2026-11-26T10:00:00Z, or how long ago: 30m, 2h, 7d`",
        "--dlq-replay 1 --tenant t,--tenant does not go with --dlq-replay ID",
        "--dlq-list --reason --since 2h,--reason needs a value",
        "--dlq-list --since 1h --since 2h,--since is there twice",
        "--dlq-list --reason odd,`--reason is 'odd', but must be one of malformed, max_deliver,"
            + " failed`"
      })
  void saysWhatIsWrong(String line, String fault) {
    assertThatThrownBy(() -> parse(line)).isInstanceOf(UsageException.class).hasMessage(fault);
  }

  @ParameterizedTest
  @CsvSource({
    "--dlq-list --help,--dlq-list [--help] [--code=C]",
    "--help --dlq-show 1 2 3,--dlq-show [--help] [--reveal] [ID...]",
    "--dlq-typo --help,COMMAND"
  })
  void explainsACommandOrAll(String line, String synopsis) throws UsageException {
    assertThat(parse(line).command())
        .isInstanceOfSatisfying(
            Command.Help.class,
            help ->
                assertThat(help.text())
                    .startsWith("Usage: java -jar beamline-worker.jar ")
                    .contains(synopsis));
  }

  @ParameterizedTest
  @CsvSource({
    "90s,2026-11-26T09:58:30Z",
    "30m,2026-11-26T09:30:00Z",
    "2h,2026-11-26T08:00:00Z",
    "7d,2026-11-19T10:00:00Z",
    "999999999d,1970-01-01T00:00:00Z",
    "2026-11-26T10:00:00Z,2026-11-26T10:00:00Z",
    "2026-11-26T10:00:00+01:00,2026-11-26T09:00:00Z"
  })
  void readsTimes(String text, Instant time) throws UsageException {
    assertThat(parse("--dlq-list --since " + text).command())
        .isEqualTo(new Command.ListLetters(new LetterFilter(null, time)));
  }

  @ParameterizedTest
  @CsvSource({"2", "2w", "-2h", "yesterday", "2026-11-26", "9999999999h", "2h30m"})
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> parse("--dlq-list --since=" + text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--since is '" + text + "'");
  }

  @Test
  void leavesSettingsToTheWorkersConfiguration() throws UsageException {
    assertThat(parse("--worker.nats.subjects.dlq=a.b --dlq-list --nats.spring.server=x").settings())
        .containsExactly("--worker.nats.subjects.dlq=a.b", "--nats.spring.server=x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--dlq-typo",
        "--cancel=a",
        "--help",
        "-h",
        "start",
        "--worker",
        "--worker.id=w x"
      })
  void takesEverythingButSettingsForACommand(String line) {
    assertThat(WorkerCommands.areRequested(line.split(" "))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cancel.x=a",
        "--worker.dlq.failed-steps=true",
        "--worker.blocks.fs.roots[0]=/a",
        "--CP2_CANCELLATION_ENABLED=true",
        "--spring.profiles.active=x --debug",
        "--debug=true",
        "--TZ=UTC",
        "--spring.devtools.x"
      })
  void leavesSettingsToTheWorker(String line) {
    assertThat(WorkerCommands.areRequested(line.split(" "))).isFalse();
    assertThat(WorkerCommands.areRequested()).isFalse();
  }

  private static CommandRequest parse(String line) throws UsageException {
    return CommandParser.parse(List.of(line.split(" ")), NOW);
  }
}
