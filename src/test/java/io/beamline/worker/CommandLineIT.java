package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.CommandProcess;
import io.beamline.worker.support.Databases;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.TestDatabase;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of the built jar: help, mistakes, the check, and an assignment by hand. */
class CommandLineIT {

  private static NatsServer nats;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    nats = NatsServer.start();
  }

  @AfterAll
  static void end() {
    nats.close();
  }

  @Test
  void explainsItselfAndStartsNoWorker() {
    CommandProcess help = command("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.stderr()).isEmpty();
    assertThat(help.stdout())
        .startsWith("Usage: java -jar beamline-worker.jar")
        .contains("--check", "--assign", "--cancel", "--dlq-list", "--version");
    CommandProcess version = command("--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.stdout()).matches("beamline-worker \\S+, built \\S+Z, on Java .+\n");
    CommandProcess misspelt = command("--hlep");
    assertThat(misspelt.exitCode()).isEqualTo(2);
    assertThat(misspelt.stdout()).isEmpty();
    assertThat(misspelt.stderr()).contains("there is no option '--hlep': did you mean --help?");
    assertThat(command("start").exitCode()).isEqualTo(2);
  }

  @Test
  void assignsAStepAndShowsItsAnswers() {
    try (NatsServer own = NatsServer.start();
        WorkerProcess worker =
            WorkerProcess.of(own.url()).env("WORKER_RETRY_MAX_ATEMPTS", "3").start()) {
      CommandProcess echo =
          CommandProcess.run(own.url(), "--assign", "echo", "{\"a\": 1}", "--wait");
      assertThat(echo.stderr()).isEmpty();
      assertThat(echo.exitCode()).isZero();
      assertThat(echo.stdout().lines()).hasSize(3);
      assertThat(echo.stdout())
          .contains(
              "\"status\":\"accepted\"", "\"status\":\"success\"", "\"tenant_id\":\"by-hand\"");
      CommandProcess unknown =
          CommandProcess.run(own.url(), "--assign", "no.such", "{}", "--wait", "--tenant", "t");
      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(unknown.stdout()).contains("\"status\":\"rejected\"", "\"tenant_id\":\"t\"");

      assertThat(worker.log())
          .contains("Worker started", "/togglz-console\"", "/actuator/health\"")
          .contains("Feature flags at start", "What the worker uses")
          .contains(
              "\"setting\":\"WORKER_RETRY_MAX_ATEMPTS\",\"nearest\":\"worker.retry.max-attempts\"");
      worker.sigterm();
      worker.awaitExit(Duration.ofMinutes(1));
      assertThat(worker.stdout().getLast())
          .contains("Worker ended", "\"finished\":0", "\"handed_back\":0", "\"seconds\":");
    }
  }

  @Test
  void findsNothingWhereAllIsWell() throws Exception {
    CommandProcess check = check();
    assertThat(check.exitCode()).as(check.toString()).isZero();
    assertThat(check.stderr()).isEmpty();
    assertThat(check.stdout())
        .doesNotContain("cancel", "bucket")
        .contains("ok      settings: all are known and in their ranges")
        .contains("ok      nats: ")
        .contains("CAF_EXEC_RESULT_V1 is missing, and the worker makes it")
        .contains("ok      root " + folder);
    assertThat(names()).isEmpty();
  }

  @Test
  void namesASettingOutOfItsRange() {
    assertFault(
        check("--worker.retry.max-attempts=0"),
        "fault   settings: worker.retry.max-attempts is '0', but must be a whole number from 1");
  }

  @Test
  void namesAWindowThatTwoDeadWorkersOutlast() throws Exception {
    assertFault(
        check("--worker.nats.duplicate-window=80s"),
        "fault   settings: worker.nats.duplicate-window is '80s', but must be 0s, or at least 90s");
    try (NatsServer own = NatsServer.start();
        Connection admin = Nats.connect(own.url())) {
      admin
          .jetStreamManagement()
          .addStream(
              StreamConfiguration.builder()
                  .name("R")
                  .subjects("caf.exec.result.v1")
                  .duplicateWindow(Duration.ofSeconds(80))
                  .build());
      CommandProcess check =
          CommandProcess.run(own.url(), "--check", "--worker.blocks.fs.roots=" + folder);
      assertThat(check.exitCode()).as(check.toString()).isZero();
      assertThat(check.stdout())
          .contains(
              "warning stream: R drops second copies for 80s: set its duplicate window to 90s");
      assertThat(
              CommandProcess.run(
                      own.url(),
                      "--check",
                      "--worker.nats.ack-wait=20s",
                      "--worker.blocks.fs.roots=" + folder)
                  .stdout())
          .doesNotContain("duplicate window");
    }
  }

  @Test
  void namesASettingThatIsMisspelt() {
    CommandProcess check = check("--worker.retry.max-atempts=3");
    assertThat(check.exitCode()).isZero();
    assertThat(check.stdout())
        .contains(
            "warning settings: nothing reads worker.retry.max-atempts: did you mean"
                + " worker.retry.max-attempts?");
  }

  @Test
  void namesAnAddressWhereNobodyAnswers() {
    CommandProcess check =
        CommandProcess.run(
            "nats://user:hush@127.0.0.1:1", "--check", "--worker.blocks.fs.roots=/tmp");
    assertFault(check, "fault   nats: 127.0.0.1:1 cannot be used: ");
    assertThat(check.stdout()).doesNotContain("hush");
  }

  @Test
  @Tag("long")
  void namesAWrongLogin() {
    try (NatsServer closed = NatsServer.start("authorization {user: worker, password: right}")) {
      String url = closed.url().replace("nats://", "nats://worker:wrong@");
      CommandProcess check = CommandProcess.run(url, "--check");
      assertFault(check, "fault   nats: ");
      assertThat(check.stdout()).containsIgnoringCase("authorization").doesNotContain("wrong");
    }
  }

  @Test
  void namesEachMissingStreamWhereTheWorkerMakesNone() {
    assertFault(
        check(
            "--worker.nats.provision=false",
            "--CP2_CANCELLATION_ENABLED=true",
            "--worker.features.store=nats-kv"),
        "fault   stream: no stream holds the subject caf.exec.assign.v1: make one",
        "fault   stream: no stream holds the subject caf.exec.result.v1: make one",
        "fault   stream: no stream holds the subject caf.exec.cancel.v1: make one",
        "fault   bucket: the key-value bucket beamline-worker-features is missing");
  }

  @Test
  @Tag("long")
  void findsTheStreamOfCancellationsAndTheBucketOfFlags() {
    try (NatsServer own = NatsServer.start()) {
      String[] check = {
        "--check",
        "--worker.blocks.fs.roots=" + folder,
        "--CP2_CANCELLATION_ENABLED=true",
        "--worker.features.store=nats-kv"
      };
      assertThat(CommandProcess.run(own.url(), check).stdout())
          .contains(
              "ok      stream: CAF_EXEC_CANCEL_V1 is missing, and the worker makes it",
              "ok      bucket: beamline-worker-features is missing, and the worker makes it");
      try (WorkerProcess worker =
          WorkerProcess.of(own.url())
              .env("CP2_CANCELLATION_ENABLED", "true")
              .env("WORKER_FEATURES_STORE", "nats-kv")
              .start()) {
        worker.awaitReady();
        assertThat(CommandProcess.run(own.url(), check).stdout())
            .contains(
                "ok      stream: CAF_EXEC_CANCEL_V1 holds caf.exec.cancel.v1",
                "ok      bucket: beamline-worker-features keeps the flags");
      }
    }
  }

  @Test
  @Tag("long")
  void namesAConsumerThatCannotWork() throws Exception {
    try (NatsServer own = NatsServer.start();
        Connection admin = Nats.connect(own.url())) {
      admin
          .jetStreamManagement()
          .addStream(
              StreamConfiguration.builder().name("A").subjects("caf.exec.assign.v1").build());
      admin
          .jetStreamManagement()
          .addOrUpdateConsumer(
              "A",
              ConsumerConfiguration.builder()
                  .durable("caf-workers")
                  .ackPolicy(AckPolicy.None)
                  .build());
      assertFault(
          CommandProcess.run(own.url(), "--check"),
          "fault   consumer: the consumer caf-workers of the stream A does not acknowledge");
    }
  }

  @Test
  @Tag("long")
  void namesADatabaseThatRefusesTheLogin() {
    try (TestDatabase database = Databases.mariaDb()) {
      assertFault(
          check(
              "--worker.blocks.sql.datasources.orders.url=" + database.url(),
              "--worker.blocks.sql.datasources.orders.username=nobody",
              "--worker.blocks.sql.datasources.orders.password=hush"),
          "fault   datasource orders: The database denies the login (SQLState 28000)");
    }
  }

  @Test
  @Tag("long")
  void namesADatabaseThatIsAwayAndADriverThatIsMissing() {
    assertFault(
        check("--worker.blocks.sql.datasources.orders.url=jdbc:postgresql://127.0.0.1:1/x"),
        "fault   datasource orders: The database cannot be reached, or was lost (SQLState 08001)");
    assertFault(
        check("--worker.blocks.sql.datasources.orders.url=jdbc:none:x"),
        "worker.blocks.sql.datasources.orders.url");
  }

  @Test
  @Tag("long")
  void namesARootThatIsNoFolderAndOneThatCannotBeMade() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x", UTF_8);
    Path later = folder.resolve("later");
    Path never = file.resolve("never");
    CommandProcess check = check("--worker.blocks.fs.roots=%s,%s,%s".formatted(file, later, never));
    assertFault(check, "fault   root " + file + ": is no folder");
    assertThat(check.stdout())
        .contains("ok      root " + later + ": is not there yet")
        .contains("warning root " + never + ": is not there, and the worker's user cannot make it");
    assertThat(later).doesNotExist();
  }

  @Test
  @Tag("long")
  void namesAStepTypeWhoseBlockIsNotThere() {
    assertFault(check("--worker.types.chat.block=no.such"), "worker.types.chat.block", "no.such");
  }

  @Test
  @Tag("long")
  void namesAPluginFolderThatIsNotThere() {
    assertFault(check("--worker.plugins.directory=/nowhere"), "worker.plugins.directory");
  }

  private CommandProcess check(String... settings) {
    List<String> arguments = new ArrayList<>(List.of("--check"));
    arguments.addAll(List.of(settings));
    if (arguments.stream().noneMatch(argument -> argument.contains("fs.roots"))) {
      arguments.add("--worker.blocks.fs.roots=" + folder);
    }
    return command(arguments.toArray(String[]::new));
  }

  private static void assertFault(CommandProcess check, String... parts) {
    assertThat(check.exitCode()).as(check.toString()).isEqualTo(1);
    assertThat(check.stderr()).isEmpty();
    assertThat(check.stdout()).contains(parts);
    assertThat(check.stdout().lines()).allMatch(line -> line.matches("(ok|warning|fault) .*"));
  }

  private static CommandProcess command(String... arguments) {
    return CommandProcess.run(nats.url(), arguments);
  }

  /** The streams of the server that only checks have seen. */
  private static List<String> names() throws Exception {
    try (Connection admin = Nats.connect(nats.url())) {
      return admin.jetStreamManagement().getStreamNames();
    }
  }
}
