package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard: what it asks, in which order, and that Prometheus understands it. */
class DashboardTest {

  private static final List<String> QUESTIONS =
      List.of(
          "Is it healthy?",
          "Is it overloaded?",
          "What fails, and why?",
          "Are retries worth it?",
          "Where do timeouts strike?",
          "How do CP1 and CP2 compare?");

  @Test
  void answersTheQuestionsFromTopToBottom() {
    List<JsonNode> rows =
        Dashboard.panels().stream().filter(panel -> type(panel).equals("row")).toList();
    assertThat(rows).extracting(row -> row.path("title").stringValue()).isEqualTo(QUESTIONS);
    assertThat(rows).extracting(row -> row.at("/gridPos/y").intValue()).isSorted();
    assertThat(Dashboard.read().path("uid").stringValue()).isEqualTo("beamline-worker");
  }

  @Test
  void hasEveryPanelAskTheChosenPrometheus() {
    for (JsonNode panel : Dashboard.panels()) {
      if (!type(panel).equals("row")) {
        assertThat(panel.path("title").stringValue()).isNotBlank();
        assertThat(panel.path("targets").values())
            .isNotEmpty()
            .allSatisfy(
                target ->
                    assertThat(target.at("/datasource/uid").stringValue())
                        .isEqualTo("${datasource}"));
      }
    }
    assertThat(Dashboard.panels()).extracting(panel -> panel.path("id")).doesNotHaveDuplicates();
  }

  @Test
  void putsNoPanelOverAnother() {
    boolean[][] taken = new boolean[1000][24];
    for (JsonNode panel : Dashboard.panels()) {
      JsonNode place = panel.path("gridPos");
      for (int line = 0; line < place.path("h").intValue(); line++) {
        for (int column = 0; column < place.path("w").intValue(); column++) {
          int y = place.path("y").intValue() + line;
          int x = place.path("x").intValue() + column;
          assertThat(taken[y][x]).as("%s at %d, %d", panel.path("title"), x, y).isFalse();
          taken[y][x] = true;
        }
      }
    }
  }

  @Test
  void asksInTheLanguageOfPrometheus(@TempDir Path folder) throws IOException {
    List<Map<String, String>> rules =
        Dashboard.expressions().stream()
            .map(expression -> Map.of("record", "asked", "expr", expression))
            .distinct()
            .toList();
    Map<String, Object> group = Map.of("name", "dashboard", "rules", rules);
    String file = JsonMapper.builder().build().writeValueAsString(Map.of("groups", List.of(group)));
    Path asRules = Files.writeString(folder.resolve("asked.yaml"), file);
    assertThat(Promtool.run("check", "rules", "--lint=none", asRules.toString()))
        .contains(rules.size() + " rules found");
  }

  @Test
  void isDeliveredAsItIs() {
    String delivered =
        Manifests.of(Chart.render("dashboard: {enabled: true}"))
            .text("rel-beamline-worker-dashboard", "beamline-worker.json");
    assertThat(Manifests.tree(delivered)).isEqualTo(Dashboard.read());
  }

  private static String type(JsonNode panel) {
    return panel.path("type").stringValue();
  }
}
