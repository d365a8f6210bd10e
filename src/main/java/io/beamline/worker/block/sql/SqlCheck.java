package io.beamline.worker.block.sql;

import io.beamline.worker.observability.health.StartCheck;
import java.util.List;

/** Looks at each datasource: whether it lets the worker in. Used by one thread. */
final class SqlCheck implements StartCheck {

  private final SqlDatabases databases;

  SqlCheck(SqlDatabases databases) {
    this.databases = databases;
  }

  @Override
  public List<StartFinding> look() {
    return databases.all().stream().map(SqlCheck::look).toList();
  }

  private static StartFinding look(Database database) {
    String subject = "datasource " + database.name();
    String fault = database.connectFault();
    return fault == null
        ? StartFinding.ok(subject, database.readOnly() ? "reads only" : "reads and writes")
        : StartFinding.fault(subject, fault);
  }
}
