package io.beamline.worker.block.sql;

import io.beamline.worker.config.DatasourceSettings;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.Set;

/** How one kind of database differs from the others. Its maps never change. */
@SuppressWarnings("ImmutableEnumChecker")
enum Dialect {
  /** Text in both directions, so that the server alone decides what a value means. */
  POSTGRESQL(
      "jdbc:postgresql:",
      "org.postgresql.Driver",
      Map.of(
          "connectTimeout", "5",
          // While the connection is made; afterwards there is none, see ConnectionSource.
          "socketTimeout", "5",
          "cancelSignalTimeout", "2",
          "tcpKeepAlive", "true",
          "ApplicationName", "beamline-worker",
          "maxResultBuffer", "16M"),
      Map.of(
          "preferQueryMode", "extended",
          "stringtype", "unspecified",
          "binaryTransfer", "false",
          "readOnlyMode", "transaction")),

  /** Prepared by the server: the driver would paste parameters into the text. */
  MARIADB(
      "jdbc:mariadb:",
      "org.mariadb.jdbc.Driver",
      Map.of("connectTimeout", "5000", "tcpKeepAlive", "true"),
      Map.of(
          "allowMultiQueries", "false",
          "allowLocalInfile", "false",
          "useServerPrepStmts", "true",
          "useResetConnection", "true",
          "tinyInt1isBit", "false",
          "yearIsDateType", "false")),

  H2("jdbc:h2:", "org.h2.Driver", Map.of(), Map.of()),

  /** A database whose driver is on the class path. */
  OTHER("jdbc:", "", Map.of(), Map.of());

  private static final String H2_READ_ONLY = "ACCESS_MODE_DATA=R";

  private final String prefix;
  private final String driver;
  private final Map<String, String> defaults;
  private final Map<String, String> fixed;

  /**
   * Creates a dialect.
   *
   * @param prefix what its URLs begin with
   * @param driver the class of its driver; empty for what the class path has
   * @param defaults properties of the driver that an operator may set otherwise
   * @param fixed properties of the driver that the worker relies on
   */
  Dialect(String prefix, String driver, Map<String, String> defaults, Map<String, String> fixed) {
    this.prefix = prefix;
    this.driver = driver;
    this.defaults = defaults;
    this.fixed = fixed;
  }

  /** Returns the dialect of a URL, which begins with {@code jdbc:}. */
  static Dialect of(String url) {
    for (Dialect dialect : values()) {
      if (url.startsWith(dialect.prefix)) {
        return dialect;
      }
    }
    return OTHER;
  }

  /** Returns its name in traces, as OpenTelemetry's conventions have it. */
  String traceName() {
    return switch (this) {
      case POSTGRESQL -> "postgresql";
      case MARIADB -> "mariadb";
      case H2 -> "h2database";
      case OTHER -> "other_sql";
    };
  }

  /** Returns the names of the driver's properties that no operator may set. */
  Set<String> fixedProperties() {
    return fixed.keySet();
  }

  /**
   * Returns the driver of a URL, which is loaded only now.
   *
   * @throws SQLException if there is none
   */
  Driver driver(String url) throws SQLException {
    if (driver.isEmpty()) {
      return installed(url);
    }
    try {
      return Class.forName(driver).asSubclass(Driver.class).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new SQLException(e);
    }
  }

  /** Looks among the plug-ins, too, where the manager of drivers sees none. */
  private static Driver installed(String url) throws SQLException {
    ClassLoader withPlugins = Thread.currentThread().getContextClassLoader();
    for (Driver found : ServiceLoader.load(Driver.class, withPlugins)) {
      if (found.acceptsURL(url)) {
        return found;
      }
    }
    return DriverManager.getDriver(url);
  }

  /** Returns the properties with which the driver connects, the password among them. */
  Properties properties(DatasourceSettings settings) {
    Properties properties = new Properties();
    String url = settings.url().toLowerCase(Locale.ROOT);
    defaults.forEach(
        (name, value) -> {
          // What the URL says must win in every driver.
          if (!url.contains(name.toLowerCase(Locale.ROOT) + "=")) {
            properties.setProperty(name, value);
          }
        });
    settings.properties().forEach((name, value) -> set(properties, name, value));
    fixed.forEach(properties::setProperty);
    if (!settings.username().isEmpty()) {
      properties.setProperty("user", settings.username());
    }
    if (!settings.password().isEmpty()) {
      properties.setProperty("password", settings.password());
    }
    return properties;
  }

  /** The environment has no upper case, so a known name is recognized without it. */
  private void set(Properties properties, String name, String value) {
    String known =
        defaults.keySet().stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
    properties.setProperty(known, value);
  }

  /** Returns the URL to connect to: a file of H2 that is only read is opened for reading only. */
  String url(DatasourceSettings settings) {
    String url = settings.url();
    boolean changes =
        this == H2 && settings.readOnly() && isFile(url) && !url.contains("ACCESS_MODE_DATA");
    return changes ? url + ";" + H2_READ_ONLY.replace("=R", "=r") : url;
  }

  private static boolean isFile(String url) {
    String place = url.substring(H2.prefix.length());
    return !place.startsWith("mem:") && !place.startsWith("tcp:") && !place.startsWith("ssl:");
  }

  /** Returns whether the database itself refuses to write in a statement that is to read only. */
  boolean enforcesReadOnly(DatasourceSettings settings) {
    return switch (this) {
      case POSTGRESQL, MARIADB -> true;
      case H2 -> url(settings).toUpperCase(Locale.ROOT).contains(H2_READ_ONLY);
      case OTHER -> false;
    };
  }

  /**
   * Prepares a new connection, which commits by itself until now.
   *
   * @param readOnly whether none of its statements may write
   */
  void prepare(Connection connection, boolean readOnly) throws SQLException {
    List<String> settings = new ArrayList<>();
    if (this == POSTGRESQL) {
      settings.add("SET TIME ZONE 'UTC'");
      settings.add("SET intervalstyle = 'iso_8601'");
      settings.add("SET bytea_output = 'hex'");
      settings.add("SET standard_conforming_strings = on");
      if (readOnly) {
        settings.add("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
      }
    } else if (this == MARIADB) {
      settings.add("SET time_zone = '+00:00'");
      if (readOnly) {
        settings.add("SET SESSION TRANSACTION READ ONLY");
      }
    }
    if (!settings.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        if (this == POSTGRESQL) {
          statement.execute(String.join("; ", settings));
        } else {
          for (String setting : settings) {
            statement.execute(setting);
          }
        }
      }
    }
  }

  /**
   * Gives a connection the session of a new one: without locks, settings, variables and temporary
   * tables of statements before. H2 and other databases cannot do that.
   *
   * @param readOnly whether none of its statements may write
   */
  void reset(Connection connection, boolean readOnly) throws SQLException {
    if (this == POSTGRESQL) {
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement()) {
        statement.execute("DISCARD ALL");
      }
      prepare(connection, readOnly);
      connection.setAutoCommit(false);
    } else if (this == MARIADB) {
      connection.unwrap(org.mariadb.jdbc.Connection.class).reset();
      prepare(connection, readOnly);
      connection.setAutoCommit(false);
    }
  }

  /** Begins a transaction on a connection that does not commit by itself. */
  void begin(Connection connection, boolean readOnly) throws SQLException {
    if (this != MARIADB) {
      connection.setReadOnly(readOnly);
    } else if (readOnly) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("START TRANSACTION READ ONLY");
      }
    }
  }
}
