package io.beamline.worker.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The contract as it is written in {@code src/docs/contract.md}, for tests. Immutable. */
public final class ContractDocument {

  private static final Path FILE = Path.of("src/docs/contract.md");
  private static final Pattern SECTION = Pattern.compile("(?m)^## ([0-9]+)\\. ");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private final List<String> lines;

  private ContractDocument(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /** Reads the document. */
  public static ContractDocument read() {
    try {
      return new ContractDocument(Files.readAllLines(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The numbers of its sections. */
  public Set<Integer> sections() {
    return SECTION
        .matcher(String.join("\n", lines))
        .results()
        .map(match -> Integer.valueOf(match.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The rows of the table whose heading begins with these columns, each as the text of its cells.
   *
   * @param columns the first column headings
   */
  public List<List<String>> table(String... columns) {
    List<String> wanted = List.of(columns);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      List<String> heading = cells(lines.get(i));
      if (heading.size() >= wanted.size() && heading.subList(0, wanted.size()).equals(wanted)) {
        for (int row = i + 2; row < lines.size() && lines.get(row).startsWith("|"); row++) {
          rows.add(cells(lines.get(row)));
        }
      }
    }
    if (rows.isEmpty()) {
      throw new AssertionError("the contract has no table " + wanted);
    }
    return rows;
  }

  /** Everything that stands between backticks. */
  public Set<String> codeWords() {
    return lines.stream().flatMap(line -> code(line).stream()).collect(Collectors.toSet());
  }

  /** What a cell has between backticks. */
  public static List<String> code(String cell) {
    return CODE.matcher(cell).results().map(ContractDocument::inner).toList();
  }

  private static String inner(MatchResult match) {
    return match.group(1);
  }

  private static List<String> cells(String line) {
    if (!line.startsWith("|")) {
      return List.of();
    }
    String inside = line.strip().substring(1, line.strip().length() - 1);
    return Stream.of(inside.split("\\|", -1)).map(String::strip).toList();
  }
}
