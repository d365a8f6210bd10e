package io.beamline.worker.chart;

import io.beamline.worker.chart.CustomResources.PrometheusRule;
import io.beamline.worker.chart.CustomResources.PrometheusRule.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The file of the alerts. */
final class Alerts {

  static final Path FILE = Chart.FOLDER.resolve("files/alerts.yaml");

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Alerts() {}

  /** All rules, in order. */
  static List<Rule> all() {
    try {
      PrometheusRule.Groups spec =
          YAML.readValue(Files.readString(FILE), PrometheusRule.Groups.class);
      return spec.groups().stream().flatMap(group -> group.rules().stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
