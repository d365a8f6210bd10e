package io.beamline.worker.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's command that assigns a step by hand, as it is pasted. */
class AssignByHandIT {

  private static final String PORT = "127.0.0.1/4222";

  @Test
  void printsTheAckAndTheResult() throws Exception {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = WorkerProcess.of(nats.url()).start()) {
      String answers = bash(command().replace(PORT, "127.0.0.1/" + nats.port()));

      assertThat(answers)
          .contains("\"status\":\"accepted\"", "\"status\":\"success\"")
          .contains("\"result\":{\"hello\": \"world\"}");
      assertThat(worker.alive()).isTrue();
    }
  }

  private static String command() {
    String readme = Document.read(Path.of("README.md")).text();
    String begin = "```bash\n";
    assertThat(readme).contains(begin);
    String rest = readme.substring(readme.indexOf(begin) + begin.length());
    String command = rest.substring(0, rest.indexOf("```"));
    assertThat(command).contains(PORT);
    return command;
  }

  private static String bash(String script) throws IOException, InterruptedException {
    Process bash = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
    bash.getOutputStream().close();
    String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor()).as(output).isZero();
    return output;
  }
}
