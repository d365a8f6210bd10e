package io.beamline.worker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The table of a form in performance.md, between two comments.
 *
 * @param begin the comment before it
 * @param end the comment after it
 */
record PublishedTable(String begin, String end) {

  private static final Path DOCUMENT = Path.of("src/docs/performance.md");

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
    return text()
        .lines()
        .filter(line -> line.startsWith("| "))
        .skip(1)
        .map(line -> List.of(line.split("\\|", -1)))
        .map(cells -> List.of(cells.get(1).strip(), cells.get(2).strip(), cells.get(4).strip()))
        .toList();
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
