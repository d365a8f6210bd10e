package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.BlockSchemas;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of inputs and outputs say what the jar takes and returns. */
class BlockSchemasIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir static Path folder;

  private static NatsServer nats;
  private static RouterStandIn router;
  private static MisbehavingHttpServer server;
  private static Connection service;
  private static WorkerProcess worker;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    nats = NatsServer.start();
    server = MisbehavingHttpServer.start().always(Misbehaviour.answer(200, "ok", "X-A: b"));
    service = Nats.connect(nats.url());
    service
        .createDispatcher(
            request -> service.publish(request.getReplyTo(), "{\"ok\": true}".getBytes(UTF_8)))
        .subscribe("schema.*");
    worker =
        WorkerProcess.of(nats.url())
            .env("WORKER_BLOCKS_FS_ROOTS", folder.toString())
            .env("WORKER_BLOCKS_NATS_ALLOWED_SUBJECTS", "schema.>")
            .env("WORKER_BLOCKS_SQL_DATASOURCES_MEM_URL", "jdbc:h2:mem:schemas;DB_CLOSE_DELAY=-1")
            .env("CP2_ADVANCED_RETRY_ENABLED", "true")
            .start();
    router = RouterStandIn.connect(nats.url());
  }

  @AfterAll
  static void stop() throws IOException, InterruptedException {
    router.close();
    worker.close();
    service.close();
    server.close();
    nats.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "http.request | {\"url\": \"URL\"}",
        "http.request | {\"url\": \"URL\", \"method\": \"post\", \"headers\": {\"A\": [\"b\"]}, \"body\": [1]}",
        "http.request | {\"url\": \"URL\", \"headers\": null, \"body\": \"text\"}",
        "fs.blob_put | {\"path\": \"a\", \"content\": \"text\", \"overwrite\": true}",
        "fs.blob_put | {\"path\": \"b\", \"bytes\": \"/w==\"}",
        "fs.blob_get | {\"path\": \"a\"}",
        "fs.blob_get | {\"path\": \"b\"}",
        "fs.blob_delete | {\"path\": \"a\"}",
        "fs.blob_delete | {\"path\": \"none\"}",
        "echo | {\"any\": [null, {}]}",
        "sleep | {\"ms\": 1}",
        "sleep | {}",
        "sql.query | {\"query\": \"select cast(? as decimal(30, 10)) as n, null as x\", \"params\": [1.5]}",
        "sql.query | {\"query\": \"select x from system_range(1, 9)\", \"max_rows\": 3}",
        "sql.query | {\"query\": \"values :a\", \"args\": {\"a\": \"b\"}, \"connection\": \"mem\"}",
        "nats.request | {\"subject\": \"schema.a\", \"body\": {\"a\": 1}, \"timeout_ms\": 5000}",
        "nats.request | {\"subject\": \"schema.a\", \"headers\": {\"X\": \"y\"}}",
      })
  void describeWhatSucceeds(String type, String payload) {
    Assignments wanted = assignment(type, payload);

    JsonNode inputs = wanted.json().at("/job/payload");
    Answer answer = router.awaitResult(router.assign(wanted), SOON);

    assertThat(answer.status()).as(String.valueOf(answer)).isEqualTo("success");
    assertThat(BlockSchemas.faults(type, "inputs", inputs)).isEmpty();
    assertThat(BlockSchemas.faults(type, "outputs", answer.resultJson().path("result"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "http.request | {}",
        "http.request | {\"url\": 1}",
        "http.request | {\"url\": \"URL\", \"headers\": [1]}",
        "fs.blob_put | {\"path\": \"a\"}",
        "fs.blob_put | {\"path\": \"a\", \"content\": 1}",
        "fs.blob_put | {\"path\": \"a\", \"content\": \"c\", \"overwrite\": \"yes\"}",
        "fs.blob_get | {\"path\": null}",
        "fs.blob_delete | {}",
        "sleep | {\"ms\": 600001}",
        "sleep | {\"ms\": \"1\"}",
        "sql.query | {}",
        "sql.query | {\"query\": \"select 1\", \"max_rows\": 0}",
        "sql.query | {\"query\": \"select 1\", \"params\": \"a\"}",
        "sql.query | {\"query\": \"select 1\", \"read_only\": 1}",
        "nats.request | {\"body\": 1}",
        "nats.request | {\"subject\": \"schema.a\", \"timeout_ms\": 0}",
      })
  void refuseWhatTheWorkerRefuses(String type, String payload) {
    Assignments wanted = assignment(type, payload);

    JsonNode inputs = wanted.json().at("/job/payload");
    Answer answer = router.awaitResult(router.assign(wanted), SOON);

    assertThat(answer.errorCode()).matches("INVALID_INPUT|MISSING_REQUIRED_FIELD|INVALID_FORMAT");
    assertThat(BlockSchemas.faults(type, "inputs", inputs)).isNotEmpty();
  }

  @Test
  void areThereForEachBlock() {
    assertThat(BlockSchemas.types())
        .isEqualTo(
            Set.of(
                "echo",
                "fs.blob_delete",
                "fs.blob_get",
                "fs.blob_put",
                "http.request",
                "nats.request",
                "sleep",
                "sql.query"));
  }

  private static Assignments assignment(String type, String payload) {
    Assignments wanted = Assignments.of(type);
    ObjectNode job = wanted.json().withObject("job");
    job.set("payload", JSON.readTree(payload.replace("URL", server.url("/"))));
    return wanted;
  }
}
