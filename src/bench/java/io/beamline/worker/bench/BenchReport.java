package io.beamline.worker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Collects the figures. Used by one thread. */
final class BenchReport {

  private final List<Figure> figures = new ArrayList<>();

  /** Adds figures, and prints them. */
  void add(List<Figure> measured) {
    figures.addAll(measured);
    measured.forEach(System.out::println);
  }

  /** Prints the table, and writes all numbers as JSON. */
  void publish(Path file, Effort effort) throws IOException {
    System.out.println("\n" + Figure.HEADER.strip());
    figures.forEach(System.out::println);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("short", effort.form() == Form.SHORT);
    json.put("rounds", effort.rounds());
    json.put("processors", Runtime.getRuntime().availableProcessors());
    json.put("java", Runtime.version().toString());
    json.put("figures", figures.stream().map(Figure::json).toList());
    Files.writeString(
        file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
  }
}
