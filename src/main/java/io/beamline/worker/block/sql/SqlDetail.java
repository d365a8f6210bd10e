package io.beamline.worker.block.sql;

import io.beamline.worker.observability.health.HealthDetail;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows the databases of SQL steps beside readiness (contract section 9). Thread-safe. */
final class SqlDetail implements HealthDetail {

  private final SqlDatabases databases;

  SqlDetail(SqlDatabases databases) {
    this.databases = databases;
  }

  @Override
  public String name() {
    return "sql";
  }

  @Override
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    databases.all().forEach(database -> details.put(database.name(), database.describe()));
    return details;
  }
}
