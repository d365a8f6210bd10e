package io.beamline.worker.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of all settings in the documents is made from {@code application.yml}. */
class SettingsTableTest {

  private static final Path SETTINGS = Path.of("src/main/resources/application.yml");
  private static final Path TABLE = Path.of("src/docs/settings.md");
  private static final String BEGIN = "| property | default | range and meaning |\n|---|---|---|\n";
  private static final Pattern LINE =
      Pattern.compile("( *)([\\w.-]+):(?: +(\"\"|[^#\\s][^#]*?))?(?: +# (.*))?");
  private static final Pattern OPERATORS =
      Pattern.compile(
          "(CP2_|worker\\.|nats\\.|server\\.port|server\\.forward|management\\.server\\.port"
              + "|management\\.tracing|management\\..*otlp\\.endpoint).*");

  @Test
  void holdsEverySettingWithItsDefaultAndRange() throws IOException {
    String table = rows(Files.readAllLines(SETTINGS)).stream().collect(joining("\n", "", "\n"));
    assertThat(table.lines()).hasSizeGreaterThan(50);
    assertThat(Files.readString(TABLE))
        .as(TABLE + " should have this table:\n" + BEGIN + table)
        .endsWith(BEGIN + table);
  }

  private static List<String> rows(List<String> lines) {
    List<String> rows = new ArrayList<>();
    NavigableMap<Integer, Map.Entry<String, String>> parents = new TreeMap<>();
    for (String line : lines) {
      Matcher setting = LINE.matcher(line);
      if (setting.matches()) {
        int depth = setting.group(1).length();
        parents.tailMap(depth, true).clear();
        String group = "| `" + name(parents) + "` |";
        rows.removeIf(row -> row.startsWith(group));
        parents.put(depth, Map.entry(setting.group(2), orEmpty(setting.group(4))));
        if (setting.group(3) != null || setting.group(4) != null) {
          rows.add(row(parents, orEmpty(setting.group(3))));
        }
      }
    }
    return rows.stream().filter(row -> OPERATORS.matcher(row.substring(3)).matches()).toList();
  }

  /** A setting without a word of its own has that of the group it is in. */
  private static String row(
      NavigableMap<Integer, Map.Entry<String, String>> parents, String value) {
    String meaning =
        parents.descendingMap().values().stream()
            .map(Map.Entry::getValue)
            .filter(comment -> !comment.isEmpty())
            .findFirst()
            .orElse("");
    String shown = value.isEmpty() || value.equals("\"\"") ? "" : "`" + value + "`";
    return "| `%s` | %s | %s |".formatted(name(parents), shown, meaning);
  }

  private static String name(NavigableMap<Integer, Map.Entry<String, String>> parents) {
    return parents.values().stream().map(Map.Entry::getKey).collect(joining("."));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
