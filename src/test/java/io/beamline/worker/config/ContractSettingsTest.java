package io.beamline.worker.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.ContractDocument;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.io.FileSystemResource;

/** The table of contract section 8 has every setting, with its variable, default and range. */
class ContractSettingsTest {

  private static final String YML = "src/main/resources/application.yml";
  private static final Pattern RANGE = Pattern.compile(" from (\\S+) to (\\S+)");
  private static final Pattern CHOICE = Pattern.compile("one of (.+)");
  private static final Map<String, String> OWN_VARIABLE = Map.of("nats.spring.server", "NATS_URL");

  private final Map<String, List<String>> rows = new LinkedHashMap<>();
  private final Map<String, String> rules = rules();

  ContractSettingsTest() {
    for (List<String> row : ContractDocument.read().table("property", "environment", "default")) {
      assertThat(rows.put(bare(row.get(0)), row)).as(row.get(0)).isNull();
    }
  }

  /** Step types are read by their names, so no record has them. */
  @Test
  void hasEverySettingOfTheWorkerAndNoOther() {
    Set<String> expected = new HashSet<>(rules.keySet());
    expected.add("worker.types");
    assertThat(rows.keySet().stream().filter(name -> !isOfSpringOrFlag(name)))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(rows.keySet()).containsAll(settings().keySet());
  }

  @Test
  void namesTheVariableOfEachSetting() {
    rows.forEach(
        (name, row) ->
            assertThat(bare(row.get(1)))
                .isEqualTo(OWN_VARIABLE.getOrDefault(name, Variables.variable(name))));
  }

  @Test
  void statesTheDefaults() {
    Map<String, String> settings = settings();
    rows.forEach(
        (name, row) ->
            assertThat(bare(row.get(2)))
                .as(name)
                .isEqualTo(
                    settings.getOrDefault(name, "").replaceAll("\\$\\{NATS_URL:(.*)}", "$1")));
  }

  /** The range column says what the message about a wrong value says. */
  @Test
  void statesTheRanges() {
    rules.forEach(
        (name, rule) -> {
          String range = rows.getOrDefault(name, List.of()).get(3).replace("`", "");
          Matcher bounds = RANGE.matcher(rule);
          Matcher choice = CHOICE.matcher(rule);
          if (bounds.find()) {
            assertThat(range).as(name).isEqualTo(bounds.group(1) + " to " + bounds.group(2));
          } else if (choice.matches()) {
            assertThat(range.split(", | or ", -1))
                .as(name)
                .containsExactlyInAnyOrder(choice.group(1).split(", ", -1));
          } else if (rule.equals("true or false") || rule.matches(".*[0-9].*")) {
            assertThat(rule).as(name).isEqualTo(range);
          }
          assertThat(range).as(name).isNotEmpty();
        });
  }

  /** Every setting of the records, with the rule that a wrong value is told. */
  private static Map<String, String> rules() {
    Map<String, String> rules = new LinkedHashMap<>();
    for (Class<? extends Record> type : SettingsCheck.RECORDS) {
      add(rules, type, type.getAnnotation(ConfigurationProperties.class).value());
    }
    return rules;
  }

  private static void add(Map<String, String> rules, Class<?> type, String prefix) {
    for (RecordComponent part : type.getRecordComponents()) {
      String name = prefix + '.' + DataObjectPropertyName.toDashedForm(part.getName());
      if (part.getType().isRecord()) {
        add(rules, part.getType(), name);
      } else {
        rules.put(name, rule(type, part));
      }
    }
  }

  private static String rule(Class<?> owner, RecordComponent part) {
    try {
      return SettingRule.of(part.getType(), owner.getDeclaredField(part.getName()));
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, String> settings() {
    YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
    yaml.setResources(new FileSystemResource(YML));
    Properties properties = requireNonNull(yaml.getObject());
    Map<String, String> settings = new LinkedHashMap<>();
    properties.forEach((name, value) -> settings.put(name.toString(), value.toString()));
    settings
        .keySet()
        .removeIf(
            name ->
                !name.matches(
                    "CP2_.*|nats\\..*|worker\\..*|.*server\\.port|server\\.forward.*"
                        + "|management\\..*otlp\\.endpoint|management\\.tracing\\..*"));
    return settings;
  }

  private static boolean isOfSpringOrFlag(String name) {
    return name.startsWith("nats.spring.")
        || name.startsWith("CP2_")
        || name.matches("management\\..*trac.*");
  }

  private static String bare(String cell) {
    return cell.replace("`", "");
  }
}
