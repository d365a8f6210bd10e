package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.BlockSchemas;
import io.beamline.worker.support.MessageSchemas;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The examples of the documents run, and the jar serves the interface that they follow. */
class ExamplesIT {

  private static final Path FOLDER = Path.of("src/docs/examples");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A file is there before it is read, and gone at last. */
  private static final List<String> ORDER =
      List.of(
          "echo",
          "sleep",
          "http.request",
          "fs.blob_put",
          "fs.blob_get",
          "fs.blob_delete",
          "sql.query",
          "nats.request");

  @TempDir private Path folder;

  @Test
  void allSucceedAndAreWhatTheSchemasSay() throws Exception {
    assertThat(names()).containsExactlyInAnyOrderElementsOf(ORDER);
    assertThat(names()).isEqualTo(BlockSchemas.types());
    try (NatsServer nats = NatsServer.start();
        MisbehavingHttpServer server =
            MisbehavingHttpServer.start().always(Misbehaviour.answer(201, "{}"));
        Connection service = Nats.connect(nats.url());
        WorkerProcess worker = worker(nats).start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      service
          .createDispatcher(
              request -> service.publish(request.getReplyTo(), "{\"price\": 9}".getBytes(UTF_8)))
          .subscribe("orders.price.v1");
      for (String type : ORDER) {
        String text = Files.readString(FOLDER.resolve(type + ".json"));
        JsonNode example = JSON.readTree(text);
        assertThat(MessageSchemas.faults("exec-assignment", example)).as(type).isEmpty();
        assertThat(example.at("/job/type").stringValue()).isEqualTo(type);
        assertThat(BlockSchemas.faults(type, "inputs", example.at("/job/payload"))).isEmpty();

        router
            .publish(
                text.replace("127.0.0.1:18080", "127.0.0.1:" + server.port()).getBytes(UTF_8),
                Map.of())
            .join();
        Answer answer = router.awaitResult(example.path("assignment_id").stringValue(), SOON);
        assertThat(answer.status()).as(answer.toString()).isEqualTo("success");
        JsonNode outputs = answer.resultJson().path("result");
        assertThat(BlockSchemas.faults(type, "outputs", outputs)).as(type).isEmpty();
      }
      router.assertClean();
      assertServed(worker);
    }
  }

  private static void assertServed(WorkerProcess worker) throws IOException {
    JsonNode index = JSON.readTree(get(worker, "").body());
    assertThat(index.path("error_codes")).hasSize(14);
    assertThat(index.at("/error_codes/0").toString())
        .isEqualTo(
            "{\"code\":1001,\"name\":\"INVALID_INPUT\",\"error_type\":\"validation_error\",\"retryable\":false}");
    assertThat(index.path("documents")).hasSize(2 * ORDER.size() + 7);
    for (JsonNode path : index.path("documents")) {
      HttpResponse<String> document = worker.get(worker.managementUri(path.stringValue()));
      assertThat(document.statusCode()).as(path.stringValue()).isEqualTo(200);
    }
    HttpResponse<String> schema = get(worker, "/exec-result.schema.json");
    assertThat(schema.headers().firstValue("Content-Type")).contains("application/schema+json");
    assertThat(JSON.readTree(schema.body()))
        .isEqualTo(
            JSON.readTree(
                Files.readString(MessageSchemas.FOLDER.resolve("exec-result.schema.json"))));
    HttpResponse<String> asyncApi = get(worker, "/asyncapi.yaml");
    assertThat(asyncApi.headers().firstValue("Content-Type")).contains("application/yaml");
    assertThat(asyncApi.body()).contains("$ref: exec-result.schema.json").doesNotContain("../");
    assertThat(get(worker, "/none.json").statusCode()).isEqualTo(404);
    assertThat(get(worker, "/..%2fapplication.yml").statusCode()).isBetween(400, 404);
  }

  private static HttpResponse<String> get(WorkerProcess worker, String path) {
    return worker.get(worker.managementUri("/actuator/contract" + path));
  }

  private WorkerProcess.Builder worker(NatsServer nats) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_BLOCKS_FS_ROOTS", folder.toString())
        .env("WORKER_BLOCKS_NATS_ALLOWED_SUBJECTS", "orders.>")
        .env(
            "WORKER_BLOCKS_SQL_DATASOURCES_ORDERS_URL",
            "jdbc:h2:mem:examples;DB_CLOSE_DELAY=-1;INIT=create table if not exists"
                + " orders(id int\\, customer varchar\\, total int)");
  }

  private static Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      files.forEach(file -> names.add(file.getFileName().toString().replace(".json", "")));
    }
    return names;
  }
}
