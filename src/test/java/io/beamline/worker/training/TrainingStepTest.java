package io.beamline.worker.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainingStepTest {

  @Test
  void writesEachFileBeforeItIsRead() {
    List<String> written = paths(TrainingStep.first(), "fs.blob_put");

    assertThat(written).doesNotHaveDuplicates();
    assertThat(paths(TrainingStep.mixture(4_000, "http://site"), "fs.blob_get"))
        .hasSize(200)
        .isSubsetOf(written);
  }

  @Test
  void hasMostlySmallStepsAndSomeThatAreTriedAgain() {
    List<TrainingStep> steps = TrainingStep.mixture(1_000, "http://site");

    assertThat(steps).filteredOn(step -> step.type().equals("echo")).hasSize(700);
    assertThat(steps.stream().map(step -> payload(step).path("url").asString("")))
        .filteredOn(url -> url.startsWith("http://site/flaky/"))
        .hasSize(5)
        .doesNotHaveDuplicates();
  }

  @Test
  void isAnAssignmentOfTheContract() {
    JsonNode assignment = assignment(TrainingStep.first().getFirst());

    assertThat(assignment.path("assignment_id").stringValue()).isEqualTo("a-1");
    assertThat(assignment.path("version").stringValue()).isEqualTo("1");
    assertThat(assignment.at("/options/retry/max_attempts").intValue()).isGreaterThan(2);
  }

  private static List<String> paths(List<TrainingStep> steps, String type) {
    return steps.stream()
        .filter(step -> step.type().equals(type))
        .map(step -> payload(step).path("path").stringValue())
        .toList();
  }

  private static JsonNode payload(TrainingStep step) {
    return assignment(step).at("/job/payload");
  }

  private static JsonNode assignment(TrainingStep step) {
    return JsonMapper.shared().readTree(step.assignment("a-1"));
  }
}
