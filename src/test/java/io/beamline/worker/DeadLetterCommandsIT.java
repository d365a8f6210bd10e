package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.CommandProcess;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Dead letters that a worker really made, in the hands of an operator. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeadLetterCommandsIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private static NatsServer nats;
  private static WorkerProcess worker;
  private static RouterStandIn router;
  private static final Queue<WireMessage> assigned = new ConcurrentLinkedQueue<>();
  private static Assignments first;
  private static Assignments second;

  @BeforeAll
  static void makeDeadLetters() throws Exception {
    nats = NatsServer.start();
    worker = WorkerProcess.of(nats.url()).env("WORKER_DLQ_FAILED_STEPS", "true").start();
    router = RouterStandIn.connect(nats.url());
    ThreeDeadLetters.watchAssignments(router, assigned::add);
    first = ThreeDeadLetters.failing("one.txt").header("traceparent", "00-a-b-01");
    second = ThreeDeadLetters.failing("two.txt");
    ThreeDeadLetters.make(router, first, second);
  }

  @AfterAll
  static void end() {
    router.close();
    worker.close();
    nats.close();
    router.assertClean();
  }

  @Test
  @Order(1)
  void listsThem() {
    CommandProcess all = command("--dlq-list");
    assertThat(all.stderr()).isEmpty();
    assertThat(all.exitCode()).isZero();
    assertThat(all.stdout().lines()).hasSize(5);
    assertThat(all.stdout())
        .contains("malformed", first.id(), second.id(), "RESOURCE_UNAVAILABLE", "fs.blob_get")
        .endsWith("3 dead letters, of which 0 were replayed\n");
    assertThat(command("--dlq-list", "--reason", "failed", "--since", "1h").stdout())
        .doesNotContain("malformed")
        .contains("2 dead letters");
    assertThat(command("--dlq-list", "--type", "fs.blob_get", "--until", "1h").stdout())
        .contains("0 dead letters");
    assertThat(
            command("--dlq-list", "--tenant", "tenant-a", "--code", "RESOURCE_UNAVAILABLE")
                .stdout())
        .contains("2 dead letters");
    assertThat(command("--dlq-list", "--since", "2999-01-01T00:00:00Z").stdout())
        .contains("0 dead letters");
  }

  @Test
  @Order(2)
  void showsOneWithoutItsSecrets() {
    CommandProcess page = command("--dlq-show", first.id());
    assertThat(page.exitCode()).isZero();
    assertThat(page.stdout())
        .contains("Replay: none", "\"path\": \"one.txt\"", "\"password\": \"[REDACTED]\"")
        .contains("traceparent: 00-a-b-01");
    assertThat(command("--dlq-show", first.id(), "--reveal").stdout())
        .contains("\"password\": \"hush\"");
    CommandProcess malformed = command("--dlq-show", "1", "--reveal");
    assertThat(malformed.stdout()).contains("{\"assignment_id\":");
  }

  @Test
  @Order(3)
  void saysWhatItWouldDoAndChangesNothing() throws Exception {
    List<String> before = router.connection().jetStreamManagement().getStreamNames();
    CommandProcess dry = command("--dlq-replay", "--all", "--dry-run");
    assertThat(dry.exitCode()).isEqualTo(1);
    assertThat(dry.stdout())
        .contains("1: cannot be replayed", "2: would be replayed as replay-2-")
        .contains("2 would be replayed, 0 were replayed before, 1 cannot be replayed");
    assertThat(router.connection().jetStreamManagement().getStreamNames()).isEqualTo(before);
    assertThat(assigned).hasSize(3);
  }

  @Test
  @Order(4)
  void replaysOneWhichThenReallyRunsUnderItsNewId() {
    router.awaitResult(router.assign(Assignments.put("one.txt", "there now")), SOON);
    CommandProcess replay = command("--dlq-replay", first.id());
    assertThat(replay.stderr()).isEmpty();
    assertThat(replay.exitCode()).isZero();
    assertThat(replay.stdout()).contains("2: replayed as replay-2-", first.id());
    String newId = replay.stdout().replaceAll("(?s).*(replay-2-[0-9a-f]+).*", "$1");
    Answer answer = router.awaitResult(newId, SOON);
    assertThat(answer.status()).isEqualTo("success");
    assertThat(assigned)
        .filteredOn(message -> message.text("assignment_id").equals(newId))
        .singleElement()
        .satisfies(
            message -> {
              assertThat(message.header("x-replay-of")).contains(first.id());
              assertThat(message.header("traceparent")).contains("00-a-b-01");
              assertThat(message.json().at("/metadata/replay_of").stringValue(""))
                  .isEqualTo(first.id());
            });
    assertThat(command("--dlq-replay", "2").stdout())
        .contains("2: was replayed before as " + newId);
    assertThat(command("--dlq-list").stdout()).contains("of which 1 were replayed");
    assertThat(ThreeDeadLetters.answersOf(router, "replay-2-")).isOne();
  }

  @Test
  @Order(5)
  void replaysTheRestOnceThoughTwoDoSo() {
    CompletableFuture<CommandProcess> one =
        CommandProcess.start(nats.url(), "--dlq-replay", "--all", "--since", "1h");
    CommandProcess two = command("--dlq-replay", "--all", "--since", "1h");
    assertThat(List.of(one.join(), two))
        .allSatisfy(
            command -> {
              assertThat(command.exitCode()).isEqualTo(1);
              assertThat(command.stdout())
                  .contains("1: cannot be replayed", "1 cannot be replayed");
            });
    Awaitility.await()
        .atMost(SOON)
        .until(() -> ThreeDeadLetters.answersOf(router, "replay-3-") == 1);
    // A replay that has failed by the time the later of the two begins is a letter that it replays.
    assertThat(assigned)
        .extracting(message -> message.text("assignment_id"))
        .filteredOn(id -> id.startsWith("replay-"))
        .anyMatch(id -> id.startsWith("replay-3-"))
        .doesNotHaveDuplicates();
  }

  @Test
  @Order(6)
  void saysInASentenceWhatIsWrong() {
    assertSentence(command("--dlq-show", "999"), 1, "has no dead letter 999");
    assertSentence(command("--dlq-show", "no-such"), 1, "no dead letter has the assignment_id");
    assertSentence(command("--dlq-list", "--worker.nats.subjects.dlq=other"), 1, "no stream holds");
    assertSentence(command("--dlq-list", "--worker.nats.ack-wait=0s"), 1, "worker.nats.ack-wait");
    assertSentence(
        CommandProcess.run("nats://user:hush@127.0.0.1:1", "--dlq-list"),
        1,
        "NATS at 127.0.0.1:1 cannot be used");
    CommandProcess usage = command("--dlq-list", "--frobnicate");
    assertThat(usage.exitCode()).isEqualTo(2);
    assertThat(usage.stdout()).isEmpty();
    assertThat(usage.stderr()).contains("there is no option '--frobnicate'", "Try --help.");
  }

  private static void assertSentence(CommandProcess command, int exitCode, String part) {
    assertThat(command.exitCode()).as(command.toString()).isEqualTo(exitCode);
    assertThat(command.stdout()).isEmpty();
    assertThat(command.stderr().lines())
        .singleElement()
        .asString()
        .contains(part)
        .doesNotContain("hush", "Exception");
  }

  private static CommandProcess command(String... arguments) {
    return CommandProcess.run(nats.url(), arguments);
  }
}
