package io.beamline.worker.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.chart.Manifests;
import io.beamline.worker.support.Subjects;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The AsyncAPI document: its subjects are the worker's, and what it refers to is there. */
class AsyncApiTest {

  private static final Path FILE = Path.of("src/docs/asyncapi.yaml");

  @Test
  void namesTheSubjectsAndHasWhatItRefersTo() throws Exception {
    JsonNode document = Manifests.tree(Files.readString(FILE));
    assertThat(document.path("asyncapi").stringValue()).isEqualTo("3.0.0");
    List<String> addresses = new ArrayList<>();
    document
        .path("channels")
        .forEach(channel -> addresses.add(channel.path("address").stringValue()));
    assertThat(addresses)
        .containsExactlyInAnyOrder(
            Subjects.STANDARD.assign(),
            Subjects.STANDARD.ack(),
            Subjects.STANDARD.result(),
            Subjects.STANDARD.heartbeat(),
            Subjects.STANDARD.dlq(),
            "caf.exec.cancel.v1");
    List<String> references = document.findValuesAsString("$ref");
    assertThat(references).hasSizeGreaterThan(15);
    for (String reference : references) {
      if (reference.startsWith("#")) {
        assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
      } else {
        assertThat(FILE.resolveSibling(reference)).exists();
      }
    }
  }
}
