package io.beamline.worker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Collects the figures of one run. Used by one thread. */
final class BenchReport {

  private final List<Figure> figures = new ArrayList<>();
  private final Effort effort;

  BenchReport(Effort effort) {
    this.effort = effort;
  }

  /** Adds figures, and prints them. */
  void add(List<Figure> measured) {
    figures.addAll(measured);
    measured.forEach(System.out::println);
  }

  /**
   * Prints the table and writes it below {@code target}, and beside it all numbers as JSON. With
   * {@code -Dbench.publish} the table of a whole run goes into the documents, too.
   *
   * @param wanted the rows that it should have
   */
  void publish(List<Row> wanted) throws IOException {
    Path file = Path.of("target", effort.form().profile());
    String table = table(wanted);
    System.out.println("\n" + table);
    Files.writeString(Path.of(file + ".md"), table);
    Files.writeString(
        Path.of(file + ".json"),
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json()) + "\n");
    if (System.getProperty("bench.publish") != null) {
      if (effort.form() == Form.SHORT || !wanted.equals(effort.form().rows())) {
        throw new IllegalStateException("only a whole run goes into the documents");
      }
      PublishedTable.of(effort.form()).replace(table);
    }
  }

  private String table(List<Row> wanted) {
    String made =
        "Made on %s by `./mvnw verify -P%s -Dbench.publish` with %d processors and Java %s:%n%n"
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                effort.form().profile(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
    return wanted.stream()
        .map(this::line)
        .collect(Collectors.joining("\n", made + Figure.HEADER, "\n"));
  }

  private String line(Row row) {
    return figures.stream()
        .filter(figure -> figure.row() == row)
        .map(Figure::toString)
        .findFirst()
        .orElseGet(() -> Figure.missing(row));
  }

  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("short", effort.form() == Form.SHORT);
    json.put("rounds", effort.rounds());
    json.put("processors", Runtime.getRuntime().availableProcessors());
    json.put("java", Runtime.version().toString());
    json.put("figures", figures.stream().map(Figure::json).toList());
    return json;
  }
}
