package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract's sample messages, as they are, against a worker that knows only where NATS is. */
class SamplesIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String PLACEHOLDER = "http://127.0.0.1:18080/";

  @Test
  void answersEverySample() throws IOException {
    try (NatsServer nats = NatsServer.start();
        MisbehavingHttpServer site = MisbehavingHttpServer.start();
        WorkerProcess worker = WorkerProcess.of(nats.url()).start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      site.always(Misbehaviour.answer(200, "{}"));

      Answer put = answer(router, "assign-fs-put.json", "a-put-1", PLACEHOLDER);
      Answer get = answer(router, "assign-fs-get.json", "a-get-1", PLACEHOLDER);
      Answer http = answer(router, "assign-http.json", "a-http-1", site.url("/"));

      assertThat(put.status()).isEqualTo("success");
      assertThat(get.resultJson().path("result").path("content").stringValue(""))
          .isEqualTo("hello");
      assertThat(http.resultJson().path("result").path("status_code").intValue()).isEqualTo(200);
      assertThat(worker.folder().resolve("data/reports/2026/one.txt")).hasContent("hello");
      router.assertClean();
    }
  }

  private static Answer answer(RouterStandIn router, String sample, String id, String site)
      throws IOException {
    String message = read(sample).replace(PLACEHOLDER, site);
    router.publish(message.getBytes(StandardCharsets.UTF_8), Map.of()).join();
    return router.awaitResult(id, SOON);
  }

  private static String read(String sample) throws IOException {
    try (InputStream in = SamplesIT.class.getResourceAsStream("/samples/" + sample)) {
      assertThat(in).as(sample).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
