package io.beamline.worker.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A metric that an expression of PromQL names, with the conditions on its labels.
 *
 * @param metric its name
 * @param conditions each as a pattern that a line of the scrape must contain
 */
record Selector(String metric, List<Pattern> conditions) {

  private static final Pattern SELECTOR =
      Pattern.compile("\\b(worker|jvm|process|system)(_[a-z0-9_]+)\\b(?:\\{([^}]*)})?");
  private static final Pattern CONDITION =
      Pattern.compile("([a-z_]+)\\s*(=~|!=|!~|=)\\s*\"([^\"]*)\"");

  /** What Prometheus adds to each line. */
  private static final Set<String> OF_THE_SCRAPE = Set.of("namespace", "job", "instance", "pod");

  /** All that an expression names. */
  static Stream<Selector> in(String expression) {
    return SELECTOR
        .matcher(expression)
        .results()
        .map(found -> new Selector(found.group(1) + found.group(2), conditions(found.group(3))));
  }

  /** Whether a line of a scrape is meant. */
  boolean matches(String line) {
    return (line.startsWith(metric + "{") || line.startsWith(metric + " "))
        && conditions.stream().allMatch(condition -> condition.matcher(line).find());
  }

  private static List<Pattern> conditions(@Nullable String text) {
    List<Pattern> patterns = new ArrayList<>();
    Matcher condition = CONDITION.matcher(text == null ? "" : text);
    while (condition.find()) {
      if (!OF_THE_SCRAPE.contains(condition.group(1)) && !condition.group(3).startsWith("$")) {
        patterns.add(pattern(condition.group(1), condition.group(2), condition.group(3)));
      }
    }
    return patterns;
  }

  private static Pattern pattern(String label, String operator, String value) {
    String found =
        switch (operator) {
          case "=" -> Pattern.quote(value) + "\"";
          case "=~" -> "(" + value + ")\"";
          default -> "(?!(" + value + ")\")";
        };
    return Pattern.compile("[{,]" + label + "=\"" + found);
  }
}
