package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.NatsAccounts;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WorkerSlice;
import io.nats.client.NKey;
import io.nats.client.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way to log in to a real server that first refuses it and then takes it. */
class NatsLoginTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SECRET = "s3cr3t-w0rd-of-the-worker";
  private static final String ROUTER = "{user: router, password: router}";

  private static final List<ScriptedBlock> BLOCKS = ScriptedBlock.of(call -> ScriptedBlock.DONE);

  @Test
  void byUserAndPassword() {
    proveRefusedThenTaken(
        users("{user: worker, password: other}"),
        users("{user: worker, password: \"" + SECRET + "\"}"),
        Options.builder().userInfo("router", "router"),
        List.of(SECRET),
        "",
        "nats.spring.username=worker",
        "nats.spring.password=" + SECRET);
  }

  @Test
  void byUserAndPasswordOfTheAddress() {
    proveRefusedThenTaken(
        users("{user: worker, password: other}"),
        users("{user: worker, password: \"" + SECRET + "\"}"),
        Options.builder().userInfo("router", "router"),
        List.of(SECRET),
        "worker:" + SECRET + "@");
  }

  @Test
  void byToken() {
    proveRefusedThenTaken(
        "authorization: {token: other}",
        "authorization: {token: \"" + SECRET + "\"}",
        Options.builder().token(SECRET.toCharArray()),
        List.of(SECRET),
        "",
        "nats.spring.token=" + SECRET);
  }

  @Test
  void byTokenOfTheAddress() {
    proveRefusedThenTaken(
        "authorization: {token: other}",
        "authorization: {token: \"" + SECRET + "\"}",
        Options.builder().token(SECRET.toCharArray()),
        List.of(SECRET),
        SECRET + "@");
  }

  @Test
  void byNKey() throws Exception {
    NKey worker = NKey.createUser(null);
    String seed = new String(worker.getSeed());
    proveRefusedThenTaken(
        users("{nkey: " + new String(NKey.createUser(null).getPublicKey()) + "}"),
        users("{nkey: " + new String(worker.getPublicKey()) + "}"),
        Options.builder().userInfo("router", "router"),
        List.of(seed),
        "",
        "nats.spring.nkey=" + seed);
  }

  @Test
  void byCredentialsFile(@TempDir Path folder) throws Exception {
    NatsAccounts accounts = NatsAccounts.make();
    NatsAccounts.User worker = accounts.user("worker");
    Path credentials = Files.writeString(folder.resolve("worker.creds"), worker.credentials());
    proveRefusedThenTaken(
        NatsAccounts.make().configuration(),
        accounts.configuration(),
        Options.builder().authHandler(accounts.user("router").login()),
        List.of(worker.seed(), worker.jwt()),
        "",
        "nats.spring.credentials=" + credentials);
  }

  private static void proveRefusedThenTaken(
      String refusing,
      String taking,
      Options.Builder router,
      List<String> secrets,
      String userInfo,
      String... properties) {
    try (NatsServer nats = NatsServer.start(refusing);
        LogLines lines = new LogLines();
        WorkerSlice worker =
            WorkerSlice.upTo(
                "intake", "nats://" + userInfo + "127.0.0.1:" + nats.port(), BLOCKS, properties)) {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(lines.warnings()).anyMatch(NatsLoginTest::saysWhy));
      assertThat(worker.bean(NatsSessions.class).problem()).contains("Authentication error");
      assertThat(worker.session()).isNull();

      nats.reconfigure(taking);
      nats.restart();
      proveAnswers(nats, router, worker);
      for (String secret : secrets) {
        assertThat(lines.all()).noneMatch(line -> line.contains(secret));
      }
    }
  }

  private static boolean saysWhy(String line) {
    return line.contains("NATS cannot be used yet") && line.contains("Authentication error");
  }

  private static void proveAnswers(NatsServer nats, Options.Builder options, WorkerSlice worker) {
    await().atMost(SOON).untilAsserted(() -> assertThat(worker.session()).isNotNull());
    assertThat(worker.bean(NatsSessions.class).problem()).isEmpty();
    try (RouterStandIn router =
        RouterStandIn.connect(options.server(nats.url()).build(), Subjects.STANDARD)) {
      String id = router.assign(ScriptedBlock.assignment());
      assertThat(router.awaitResult(id, SOON).status()).isEqualTo("success");
      router.assertClean();
    }
  }

  private static String users(String worker) {
    return "authorization: {users: [" + ROUTER + ", " + worker + "]}";
  }
}
