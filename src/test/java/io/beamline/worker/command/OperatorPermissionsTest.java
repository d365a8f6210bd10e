package io.beamline.worker.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.WorkerApplication;
import io.beamline.worker.config.CommandSettings;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.deadletter.LetterFilter;
import io.beamline.worker.deadletter.Letters;
import io.beamline.worker.deadletter.UnconfirmedReplay;
import io.beamline.worker.support.NatsPermissions;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.NatsTrace;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The commands with the documented permissions of an operator, and with one of them missing. */
class OperatorPermissionsTest {

  private static final String ACK = "caf.exec.assign.v1.ack";
  private static final String DLQ = "caf.exec.dlq.v1";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void areEnoughForEveryCommandAndAllNeeded() throws Exception {
    NatsPermissions permissions = NatsPermissions.documented();
    try (NatsServer nats = permissions.start();
        Connection admin = Nats.connect(NatsPermissions.url(nats, "router"))) {
      createStreamsWithThreeLetters(admin);
      assertThat(run(nats, new Command.ListLetters(new LetterFilter(null, null)))).isZero();
      assertThat(run(nats, new Command.ShowLetter("1", false))).isZero();
      assertThat(run(nats, new Command.ReplayOne("1", false))).isZero();

      UnconfirmedReplay.leave(admin, 2);
      UnconfirmedReplay.change(admin, "CAF_EXEC_DLQ_V1", dlq -> dlq.maxAge(Duration.ofDays(30)));
      assertThat(run(nats, new Command.ReplayOne("2", false))).as(err.toString(UTF_8)).isZero();

      UnconfirmedReplay.leave(admin, 3);
      UnconfirmedReplay.change(admin, "CAF_EXEC_ASSIGN_V1", assign -> assign.allowDirect(true));
      assertThat(run(nats, new Command.ReplayOne("3", false))).as(err.toString(UTF_8)).isZero();

      assertThat(run(nats, new Command.CancelAssignment("a-1", "t", null)))
          .as(err.toString(UTF_8))
          .isZero();

      assertThat(run(nats, new Command.AssignStep("echo", RawJson.EMPTY_OBJECT, "t", false)))
          .as(err.toString(UTF_8))
          .isZero();
      answerTheNextAssignment(admin);
      assertThat(run(nats, new Command.AssignStep("echo", RawJson.EMPTY_OBJECT, "t", true)))
          .as(err.toString(UTF_8))
          .isZero();

      assertThat(out.toString(UTF_8))
          .contains("3 dead letters", "Requested: ", "1: replayed as")
          .contains("2: was replayed before", "3: was replayed before")
          .contains("Assigned: by-hand-", "\"status\":\"success\"");
      assertThat(err.toString(UTF_8)).isEmpty();
      permissions.assertNeeded(new NatsTrace(nats.log()), "operator");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$JS.API.STREAM.NAMES | publish to $JS.API.STREAM.NAMES",
        "$JS.API.CONSUMER.CREATE.> | publish to $JS.API.CONSUMER.CREATE.CAF_EXEC_DLQ_V1.>",
        "$JS.API.CONSUMER.MSG.NEXT.> | publish to $JS.API.CONSUMER.MSG.NEXT.CAF_EXEC_DLQ_V1.*",
        "$KV.> | publish to $KV.CAF_EXEC_DLQ_V1_REPLAYS.>",
        "caf.exec.assign.v1 | publish to caf.exec.assign.v1",
      })
  void namesASubjectThatIsRefusedAndWhatToAllow(String denied, String allow) throws Exception {
    assertNamed("publish: {deny: [\"" + denied + "\"]}", allow);
  }

  @Test
  void namesRefusedAnswersAndWhatToAllow() throws Exception {
    assertNamed("subscribe: {deny: [\"_INBOX.>\"]}", "subscribe to _INBOX.>");
  }

  private void assertNamed(String denied, String allow) throws Exception {
    String users =
        "authorization {users: [{user: operator, password: hush, permissions: {" + denied + "}}]}";
    try (NatsServer nats = new NatsPermissions(users).start();
        Connection admin = Nats.connect(NatsPermissions.url(nats, "router"))) {
      createStreamsWithThreeLetters(admin);
      assertThat(run(nats, new Command.ReplayOne("1", false))).isOne();
    }
    assertThat(out.toString(UTF_8)).isEmpty();
    assertThat(err.toString(UTF_8).lines())
        .singleElement()
        .asString()
        .contains("the NATS user of the command may not " + allow.split("[*>]", 2)[0])
        .endsWith(", so allow it to " + allow);
  }

  /** Returns the exit code of a command that the operator runs. */
  private int run(NatsServer nats, Command.Work work) {
    NatsProperties connection = new NatsProperties();
    connection.setServer(NatsPermissions.url(nats, "operator"));
    WorkerProperties worker =
        new Binder(new MapConfigurationPropertySource(Map.of("worker.id", "w-1")))
            .bindOrCreate("worker", WorkerProperties.class);
    return new WorkerCommands(
            WorkerApplication.class,
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false,
            TimeSource.system())
        .run(work, new CommandSettings(connection, ConnectionFixture.settings(), worker, null));
  }

  private static void createStreamsWithThreeLetters(Connection admin) throws Exception {
    ConnectionFixture.prepared(admin);
    admin
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name("CAF_EXEC_CANCEL_V1")
                .subjects("caf.exec.cancel.v1")
                .build());
    byte[] letter = Letters.failed(Letters.ORIGINAL).getBytes(UTF_8);
    for (int i = 0; i < 3; i++) {
      admin.jetStream().publish(DLQ, letter);
    }
  }

  /** As a worker would. */
  private static void answerTheNextAssignment(Connection admin) throws Exception {
    Dispatcher worker =
        admin.createDispatcher(
            assignment -> {
              String id = assignment.getHeaders().getFirst("Nats-Msg-Id");
              String answer = "{\"assignment_id\":\"" + id + "\",\"status\":\"%s\"}";
              admin.publish(ACK, answer.formatted("accepted").getBytes(UTF_8));
              admin.publish("caf.exec.result.v1", answer.formatted("success").getBytes(UTF_8));
            });
    worker.subscribe("caf.exec.assign.v1");
    admin.flush(Duration.ofSeconds(5));
  }
}
