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
   * {@code -Dbench.publish} it goes into the documents, too: of a whole run as it is, else its rows
   * that were measured.
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
      if (effort.brief()) {
        throw new IllegalStateException("short rounds do not go into the documents");
      }
      publish();
    }
  }

  /** A whole run's table takes the old one's place; of a part only the measured rows do. */
  private void publish() throws IOException {
    PublishedTable published = PublishedTable.of(effort.form());
    Map<Row, String> kept = only().isEmpty() ? Map.of() : published.lines(effort.form());
    List<String> notes = only().isEmpty() ? new ArrayList<>() : published.notes();
    notes.removeIf(line -> line.contains(command()));
    notes.add(made());
    String lines =
        effort.form().rows().stream()
            .map(row -> line(row, kept.getOrDefault(row, PublishedTable.unmeasured(row))))
            .collect(Collectors.joining("\n", Figure.HEADER, "\n"));
    published.replace(String.join("\n\n", notes) + "\n\n" + lines);
  }

  private String table(List<Row> wanted) {
    return wanted.stream()
        .map(row -> line(row, PublishedTable.unmeasured(row)))
        .collect(Collectors.joining("\n", made() + "\n\n" + Figure.HEADER, "\n"));
  }

  /** When, how and where it was measured. */
  private String made() {
    return "%s on %s by `%s` with %d processors and Java %s:"
        .formatted(
            only().isEmpty() ? "Made" : "Rows measured anew",
            LocalDate.now(ZoneOffset.UTC),
            command(),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version());
  }

  private String command() {
    return "./mvnw verify -P%s%s -Dbench.publish"
        .formatted(
            effort.form().profile(), only().isEmpty() ? "" : " \"-Dbench.only=" + only() + "\"");
  }

  private static String only() {
    return System.getProperty("bench.only", "");
  }

  private String line(Row row, String otherwise) {
    return figures.stream()
        .filter(figure -> figure.row() == row)
        .map(Figure::toString)
        .findFirst()
        .orElse(otherwise);
  }

  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("short", effort.brief());
    json.put("rounds", effort.rounds());
    json.put("processors", Runtime.getRuntime().availableProcessors());
    json.put("java", Runtime.version().toString());
    json.put("figures", figures.stream().map(Figure::json).toList());
    return json;
  }
}
