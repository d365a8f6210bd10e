package io.beamline.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code worker.blocks.sql.datasources} may say, and how it is refused. */
class DatasourceSettingsTest {

  private static final String URL = "jdbc:postgresql://h/x";

  @Test
  void hasDefaults() {
    assertThat(read(Map.of("orders.url", URL)))
        .containsExactly(new DatasourceSettings("orders", URL, "", "", 5, true, Map.of()));
  }

  @Test
  void readsAllSettingsInAnySpelling() {
    assertThat(
            read(
                Map.of(
                    "b.url", " " + URL + "\n",
                    "b.username", "u",
                    "b.password", " p \n",
                    "b.max.connections", "7",
                    "b.readOnly", "FALSE",
                    "b.properties.sslMode", "require",
                    "a.url", URL,
                    "a.max-connections", "1000")))
        .containsExactly(
            new DatasourceSettings("a", URL, "", "", 1000, true, Map.of()),
            new DatasourceSettings("b", URL, "u", " p ", 7, false, Map.of("sslMode", "require")));
  }

  @Test
  void comesFromTheEnvironment() {
    SqlBlockProperties properties =
        SettingsCheck.binder(
                Variables.environment(
                    Map.of(
                        "worker.blocks.sql.datasources.orders.url", URL,
                        "worker.blocks.sql.datasources.orders.max-connections", "3",
                        "worker.blocks.sql.datasources.orders.read-only", "false",
                        "worker.blocks.sql.datasources.orders.password", "secret")))
            .bindOrCreate("worker.blocks.sql", SqlBlockProperties.class);
    assertThat(DatasourceSettings.of(properties))
        .containsExactly(new DatasourceSettings("orders", URL, "", "secret", 3, false, Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          orders.url             | http://secret  | a JDBC URL
          orders.max-connections | 0              | a whole number from 1 to 1000
          orders.max-connections | 1001           | a whole number from 1 to 1000
          orders.max-connections | many           | a whole number from 1 to 1000
          orders.read-only       | maybe          | true or false
          orders.pasword         | secret         | a name of small letters and digits
          other.username         | u              | a JDBC URL
          my-orders.url          | jdbc:h2:mem:x  | a name of small letters and digits
          Orders.url             | jdbc:h2:mem:x  | a name of small letters and digits
          orders                 | jdbc:h2:mem:x  | a name of small letters and digits
          orders.password        | secret         | set once: orders.pass-word means the same
          """)
  void refusesWhatMakesNoSense(String name, String value, String rule) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("orders.url", URL);
    if (rule.contains("once")) {
      settings.put("orders.pass-word", "secret");
    }
    settings.put(name, value);
    assertThatExceptionOfType(UnusableSettingException.class)
        .isThrownBy(() -> read(settings))
        .withMessageContaining("worker.blocks.sql.datasources.")
        .withMessageContaining(", but must be ")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }

  @Test
  void showsNoSecret() {
    SqlBlockProperties properties =
        new SqlBlockProperties(Map.of("orders.url", URL, "orders.password", "secret"));
    assertThat(properties.toString() + DatasourceSettings.of(properties))
        .doesNotContain("secret", "h/x");
  }

  private static List<DatasourceSettings> read(Map<String, String> settings) {
    return DatasourceSettings.of(new SqlBlockProperties(settings));
  }
}
