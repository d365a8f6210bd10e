package io.beamline.worker.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One database of SQL steps (contract sections 4 and 8). Immutable.
 *
 * @param name small letters and digits, beginning with a letter; at most 64
 * @param url a JDBC URL, which may hold a password
 * @param username empty if the database needs none, or the URL has it
 * @param password empty if the database needs none
 * @param maxConnections connections and threads, 1 to 1 000
 * @param readOnly whether steps may only read
 * @param properties properties of the driver
 */
public record DatasourceSettings(
    String name,
    String url,
    String username,
    String password,
    int maxConnections,
    boolean readOnly,
    Map<String, String> properties) {

  private static final String HIDDEN = "(hidden)";
  private static final int DEFAULT_CONNECTIONS = 5;
  private static final int MOST_CONNECTIONS = 1_000;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,63}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
  private static final Pattern LINE_ENDS = Pattern.compile("^[\\r\\n\\uFEFF]+|[\\r\\n]+$");
  private static final Pattern SEPARATORS = Pattern.compile("[._-]");
  private static final String PROPERTIES = "properties";
  private static final String KNOWN =
      "a name of small letters and digits, followed by one of url, username, password,"
          + " max-connections, read-only, properties.<property of the driver>";

  /**
   * Returns the databases in the order of their names.
   *
   * @throws UnusableSettingException if a name, a setting or a value is wrong; no value of a URL, a
   *     password or an unknown setting is in its message
   */
  public static List<DatasourceSettings> of(SqlBlockProperties settings) {
    Map<String, DatasourceDraft> drafts = new TreeMap<>();
    settings
        .datasources()
        .forEach(
            (key, value) -> {
              int dot = key.indexOf('.');
              String name = dot < 0 ? key : key.substring(0, dot);
              if (dot < 0 || !NAME.matcher(name).matches()) {
                throw refused(key, HIDDEN, KNOWN);
              }
              drafts
                  .computeIfAbsent(name, DatasourceDraft::new)
                  .set(key, key.substring(dot + 1), value);
            });
    List<DatasourceSettings> datasources = new ArrayList<>();
    drafts.values().forEach(draft -> datasources.add(draft.finished()));
    return List.copyOf(datasources);
  }

  /**
   * Returns the exception for one of these settings that its user refuses, without its value.
   *
   * @param setting the setting's name, such as {@code url}
   * @param rule what it must be: the text after "must be"
   */
  public UnusableSettingException refused(String setting, String rule) {
    return refused(name + "." + setting, HIDDEN, rule);
  }

  private static UnusableSettingException refused(String key, String value, String rule) {
    return new UnusableSettingException(SqlBlockProperties.DATASOURCES + "." + key, value, rule);
  }

  /** Returns only what is no secret. */
  @Override
  public String toString() {
    return "DatasourceSettings[" + name + "]";
  }

  /** A datasource that is being read. Not thread-safe. */
  private static final class DatasourceDraft {

    private final String name;
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> properties = new TreeMap<>();

    DatasourceDraft(String name) {
      this.name = name;
    }

    void set(String key, String setting, String value) {
      if (setting.toLowerCase(Locale.ROOT).startsWith(PROPERTIES + ".")) {
        properties.put(setting.substring(PROPERTIES.length() + 1), value.strip());
        return;
      }
      // The environment has a dot where the file has a dash.
      String plain = SEPARATORS.matcher(setting).replaceAll("").toLowerCase(Locale.ROOT);
      switch (plain) {
        case "url", "username", "maxconnections", "readonly" -> values.put(plain, value.strip());
        case "password" -> values.put(plain, LINE_ENDS.matcher(value).replaceAll(""));
        default -> throw refused(key, HIDDEN, KNOWN);
      }
      String other = keys.put(plain, key);
      if (other != null) {
        throw refused(key, HIDDEN, "set once: " + other + " means the same");
      }
    }

    DatasourceSettings finished() {
      String url = values.getOrDefault("url", "");
      if (!url.startsWith("jdbc:") || url.chars().anyMatch(Character::isISOControl)) {
        throw refused(name + ".url", HIDDEN, "a JDBC URL, such as jdbc:postgresql://host/database");
      }
      return new DatasourceSettings(
          name,
          url,
          values.getOrDefault("username", ""),
          values.getOrDefault("password", ""),
          connections(values.getOrDefault("maxconnections", "")),
          readOnly(values.getOrDefault("readonly", "")),
          Map.copyOf(properties));
    }

    private int connections(String text) {
      if (text.isEmpty()) {
        return DEFAULT_CONNECTIONS;
      }
      int number = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
      if (number < 1 || number > MOST_CONNECTIONS) {
        throw refused(
            name + ".max-connections", text, "a whole number from 1 to " + MOST_CONNECTIONS);
      }
      return number;
    }

    private boolean readOnly(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "", "true" -> true;
        case "false" -> false;
        default -> throw refused(name + ".read-only", text, "true or false");
      };
    }
  }
}
