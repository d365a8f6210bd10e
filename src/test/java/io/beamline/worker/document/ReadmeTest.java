package io.beamline.worker.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What the README repeats of other documents is what they have. */
class ReadmeTest {

  private static final int MOST_LINES = 200;

  private final String readme = text("README.md");

  @Test
  void isShort() {
    assertThat(readme.lines()).hasSizeLessThanOrEqualTo(MOST_LINES);
  }

  @Test
  void hasTenSettingsWithTheirDefaults() {
    List<List<String>> rows = rows(readme, "## The ten settings that matter");
    List<List<String>> all = rows(text("src/docs/settings.md"), "## All settings");

    assertThat(rows).hasSize(10);
    assertThat(rows)
        .allSatisfy(row -> assertThat(all).anyMatch(setting -> isOf(setting, row.get(0))));
    assertThat(rows)
        .filteredOn(row -> row.get(1).startsWith("`"))
        .hasSizeGreaterThan(5)
        .allSatisfy(
            row ->
                assertThat(all)
                    .filteredOn(setting -> isOf(setting, row.get(0)))
                    .anyMatch(setting -> setting.get(1).contains(row.get(1).replace("`", ""))));
  }

  @Test
  void hasFiveFiguresOfTheLastRun() {
    List<List<String>> rows = rows(readme, "## How fast");
    List<List<String>> measured = rows(text("src/docs/performance.md"), "<!-- bench -->");

    assertThat(rows).hasSize(5);
    for (List<String> row : rows) {
      List<String> numbers =
          Arrays.stream(row.get(1).split("[^\\d.]+", -1)).filter(word -> !word.isBlank()).toList();
      assertThat(measured)
          .as("%s", row)
          .anyMatch(
              figure ->
                  figure.get(0).equals(row.get(0))
                      && numbers.stream()
                          .allMatch(
                              number ->
                                  figure.stream().anyMatch(cell -> cell.startsWith(number + " "))));
    }
  }

  /** Whether a row of all settings is the one that a variable sets. */
  private static boolean isOf(List<String> setting, String variable) {
    String name = setting.get(0).toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    return name.equals(variable) || setting.get(1).contains("${" + variable.replace("`", "") + ":");
  }

  /** The cells of the first table behind a line. */
  private static List<List<String>> rows(String text, String after) {
    assertThat(text).contains(after + "\n");
    return text.substring(text.indexOf(after + "\n"))
        .lines()
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> Arrays.stream(line.split("\\|", -1)).skip(1).map(String::strip).toList())
        .toList();
  }

  private static String text(String path) {
    return Document.read(Path.of(path)).text();
  }
}
