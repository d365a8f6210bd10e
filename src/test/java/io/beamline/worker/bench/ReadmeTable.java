package io.beamline.worker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The table of a form in the README, between two comments.
 *
 * @param begin the comment before it
 * @param end the comment after it
 */
record ReadmeTable(String begin, String end) {

  private static final Path README = Path.of("README.md");

  /** Where a form's table is. */
  static ReadmeTable of(Form form) {
    String name = form.profile();
    return new ReadmeTable("<!-- " + name + " -->\n", "<!-- end of " + name + " -->\n");
  }

  /** What it is now. */
  String text() throws IOException {
    String readme = Files.readString(README);
    return readme.substring(from(readme), to(readme)).strip();
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
    String readme = Files.readString(README);
    Files.writeString(
        README,
        readme.substring(0, from(readme)) + "\n" + table + "\n" + readme.substring(to(readme)));
  }

  private int from(String readme) {
    return found(readme.indexOf(begin), begin) + begin.length();
  }

  private int to(String readme) {
    return found(readme.indexOf(end), end);
  }

  private static int found(int index, String comment) {
    if (index < 0) {
      throw new IllegalStateException("the README lacks " + comment);
    }
    return index;
  }
}
