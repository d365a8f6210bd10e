package io.beamline.worker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The table of a form in performance.md, between two comments.
 *
 * @param begin the comment before it
 * @param end the comment after it
 */
record PublishedTable(String begin, String end) {

  private static final Path DOCUMENT = Path.of("src/docs/performance.md");
  private static final String UNMEASURED = "not measured";
  private static final int FIGURE = 0;
  private static final int AGAINST = 1;
  private static final int MEDIAN = 2;
  private static final int TARGET = 3;
  private static final int MET = 4;

  /** Where a form's table is. */
  static PublishedTable of(Form form) {
    String name = form.profile();
    return new PublishedTable("<!-- " + name + " -->\n", "<!-- end of " + name + " -->\n");
  }

  /** What it is now. */
  String text() throws IOException {
    String document = Files.readString(DOCUMENT);
    return document.substring(from(document), to(document)).strip();
  }

  /** The figure, its comparison and its target of each line. */
  List<List<String>> rows() throws IOException {
    return cells().stream()
        .map(cells -> List.of(cells.get(FIGURE), cells.get(AGAINST), cells.get(TARGET)))
        .toList();
  }

  /** The paragraphs before the table, which say when and how it was made. */
  List<String> notes() throws IOException {
    return text()
        .lines()
        .takeWhile(line -> !line.startsWith("|"))
        .filter(line -> !line.isBlank())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /**
   * The line of each row of a form: what was measured, held against today's target; of a row that
   * is not there yet, that it was not measured.
   */
  Map<Row, String> lines(Form form) throws IOException {
    List<List<String>> there = cells();
    Map<Row, String> lines = new EnumMap<>(Row.class);
    for (Row row : form.rows()) {
      lines.put(
          row,
          there.stream()
              .filter(cells -> cells.get(FIGURE).equals(row.figure()))
              .filter(cells -> cells.get(AGAINST).equals(row.against()))
              .filter(cells -> cells.getLast().equals(row.unit()))
              .findFirst()
              .map(cells -> renewed(row, cells))
              .orElseGet(() -> unmeasured(row)));
    }
    return lines;
  }

  /** The line of a row that was not measured. */
  static String unmeasured(Row row) {
    return "| %s | %s | %s | %s |  |  |  | %s |"
        .formatted(row.figure(), row.against(), UNMEASURED, row.target(), row.unit());
  }

  /** The line with a row's target of today, and whether what was measured meets it. */
  static String renewed(Row row, List<String> cells) {
    String median = cells.get(MEDIAN);
    if (median.equals(UNMEASURED)) {
      return unmeasured(row);
    }
    List<String> renewed = new ArrayList<>(cells);
    renewed.set(TARGET, row.target().toString());
    renewed.set(MET, row.target().verdict(Double.parseDouble(median.split(" ", 2)[0])));
    return "| " + String.join(" | ", renewed) + " |";
  }

  private List<List<String>> cells() throws IOException {
    return text()
        .lines()
        .filter(line -> line.startsWith("| "))
        .skip(1)
        .map(PublishedTable::cells)
        .toList();
  }

  /** What stands between the bars of a line. */
  static List<String> cells(String line) {
    List<String> parts = List.of(line.split("\\|", -1));
    return parts.subList(1, parts.size() - 1).stream().map(String::strip).toList();
  }

  /** Puts another in its place. */
  void replace(String table) throws IOException {
    String document = Files.readString(DOCUMENT);
    Files.writeString(
        DOCUMENT,
        document.substring(0, from(document))
            + "\n"
            + table
            + "\n"
            + document.substring(to(document)));
  }

  private int from(String document) {
    return found(document.indexOf(begin), begin) + begin.length();
  }

  private int to(String document) {
    return found(document.indexOf(end), end);
  }

  private static int found(int index, String comment) {
    if (index < 0) {
      throw new IllegalStateException("performance.md lacks " + comment);
    }
    return index;
  }
}
