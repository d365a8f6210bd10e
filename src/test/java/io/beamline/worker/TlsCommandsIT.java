package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Authority;
import io.beamline.worker.support.CommandProcess;
import io.beamline.worker.support.NatsServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the built jar use the certificates of the worker. */
class TlsCommandsIT {

  @TempDir private Path folder;

  @Test
  void useTheBundleOfTheWorker() throws Exception {
    Authority authority = Authority.in(folder);
    authority.issue("server", "dns:localhost");
    authority.issue("worker", "dns:worker.example");
    try (NatsServer nats = NatsServer.start(authority.natsTls("server", "verify: true"))) {
      String url = "nats://localhost:" + nats.port();
      List<String> own = authority.bundle("own", "worker");

      CommandProcess check = run(url, own, "--check", "--worker.blocks.fs.roots=" + folder);
      assertThat(check.exitCode()).as(check.toString()).isZero();
      assertThat(check.stdout()).contains("ok      nats: ");

      CommandProcess letters = run(url, own, "--dlq-list");
      assertThat(letters.stderr()).contains("no stream").doesNotContain("cannot be used");

      CommandProcess without = run(url, authority.bundle("own", ""), "--dlq-list");
      assertThat(without.exitCode()).isEqualTo(1);
      assertThat(without.stderr()).contains("wants a certificate of the worker");
    }
  }

  @Test
  void nameAFileThatIsMissing() {
    String file = folder.resolve("ca.crt").toString();
    List<String> missing = List.of("spring.ssl.bundle.pem.own.truststore.certificate=" + file);
    String sentence =
        "spring.ssl.bundle.pem.own.truststore.certificate is '"
            + file
            + "', but must be a PEM file with a certificate for worker.nats.ssl-bundle: there is no"
            + " such file.";
    CommandProcess check = run("nats://localhost:1", missing, "--check");
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.stdout()).contains("fault   settings: " + sentence);
    CommandProcess watched =
        run(
            "nats://localhost:1",
            missing,
            "--check",
            "--spring.ssl.bundle.pem.own.reload-on-update=true");
    assertThat(watched.exitCode()).isEqualTo(1);
    assertThat(watched.stdout()).contains("fault   settings: " + sentence);
    CommandProcess letters = run("nats://localhost:1", missing, "--dlq-list");
    assertThat(letters.exitCode()).isEqualTo(1);
    assertThat(letters.stderr()).contains(sentence);
  }

  private static CommandProcess run(String url, List<String> bundle, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.add("--worker.nats.ssl-bundle=own");
    bundle.forEach(setting -> arguments.add("--" + setting));
    return CommandProcess.run(url, arguments.toArray(String[]::new));
  }
}
