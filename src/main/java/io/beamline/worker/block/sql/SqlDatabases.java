package io.beamline.worker.block.sql;

import io.beamline.worker.config.DatasourceSettings;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.TimeSource;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configured databases by name. Immutable, apart from what the databases do. */
final class SqlDatabases implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SqlDatabases.class);

  private final Map<String, Database> databases = new LinkedHashMap<>();
  private final ScheduledThreadPoolExecutor timer;

  /**
   * Creates the databases, without a connection to any.
   *
   * @param settings at least one
   * @throws io.beamline.worker.config.UnusableSettingException if a setting cannot be used
   */
  SqlDatabases(List<DatasourceSettings> settings, TimeSource time, LogThrottle throttle) {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("sql-timer-", 1).factory());
    for (DatasourceSettings each : settings) {
      Dialect dialect = Dialect.of(each.url());
      refuseFixed(each, dialect);
      Database database = new Database(each, dialect, driver(each, dialect), timer, time, throttle);
      databases.put(each.name(), database);
      if (!database.enforcesReadOnly()) {
        log.atWarn()
            .addKeyValue("datasource", each.name())
            .log(
                "Datasource does not enforce read-only statements; let its user have no right to write");
      }
    }
  }

  /** Returns the database of a name, or null if there is none. */
  @Nullable Database find(String name) {
    return databases.get(name);
  }

  /** Returns the only database, or null if there are several. */
  @Nullable Database only() {
    return databases.size() == 1 ? databases.values().iterator().next() : null;
  }

  /** Returns all databases in the order of their names. */
  Collection<Database> all() {
    return databases.values();
  }

  @Override
  public void close() {
    databases.values().forEach(Database::close);
    timer.shutdownNow();
  }

  private static void refuseFixed(DatasourceSettings settings, Dialect dialect) {
    String url = settings.url().toLowerCase(Locale.ROOT);
    for (String fixed : dialect.fixedProperties()) {
      String rule = "without the driver's property " + fixed + ", which the worker sets itself";
      if (url.contains(fixed.toLowerCase(Locale.ROOT) + "=")) {
        throw settings.refused("url", rule);
      }
      for (String property : settings.properties().keySet()) {
        if (property.equalsIgnoreCase(fixed)) {
          throw settings.refused("properties." + property, rule);
        }
      }
    }
  }

  private static Driver driver(DatasourceSettings settings, Dialect dialect) {
    try {
      Driver driver = dialect.driver(settings.url());
      if (driver.acceptsURL(settings.url())) {
        return driver;
      }
    } catch (SQLException | RuntimeException e) {
      // Its message would quote the URL.
    }
    throw settings.refused(
        "url", "a JDBC URL that a driver on the class path takes, such as that of PostgreSQL");
  }
}
