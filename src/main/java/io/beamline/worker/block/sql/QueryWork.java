package io.beamline.worker.block.sql;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.destination.AttemptVerdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

/** Runs one statement in a transaction of its own. Used by one thread. */
final class QueryWork implements ConnectionWork {

  private final QueryRequest request;
  private final Database database;
  private final long maxBytes;

  private boolean rowsLeft;

  /**
   * Creates the work.
   *
   * @param maxBytes the largest result that can be published, in bytes
   */
  QueryWork(QueryRequest request, Database database, long maxBytes) {
    this.request = request;
    this.database = database;
    this.maxBytes = maxBytes;
  }

  @Override
  public QueryResult run(Connection connection, SqlTask task) throws SQLException, StepFailure {
    database.dialect().begin(connection, request.readOnly());
    QueryResult result = executed(connection, task);
    if (request.readOnly()) {
      if (leavesConnectionClean()) {
        connection.rollback();
      }
    } else {
      task.claim();
      connection.commit();
    }
    return result;
  }

  @Override
  public boolean leavesConnectionClean() {
    return request.plain() && !rowsLeft;
  }

  @Override
  public void reset(Connection connection) throws SQLException {
    database.dialect().reset(connection, database.readOnly());
  }

  private QueryResult executed(Connection connection, SqlTask task)
      throws SQLException, StepFailure {
    PreparedStatement statement =
        connection.prepareStatement(
            request.sql(), ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    try {
      task.shows(statement);
      refuseUnenforced(statement);
      limit(statement);
      ParameterBinding.bind(statement, request.parameters(), database.dialect());
      if (!statement.execute()) {
        return QueryResult.changed(Math.max(0, statement.getLargeUpdateCount()));
      }
      return rows(statement, task);
    } finally {
      if (rowsLeft) {
        connection.abort(Runnable::run);
      } else {
        statement.close();
      }
    }
  }

  private QueryResult rows(PreparedStatement statement, SqlTask task)
      throws SQLException, StepFailure {
    // MariaDB's driver reads all that is left when it closes a statement, so that is ended instead.
    rowsLeft = database.dialect() == Dialect.MARIADB;
    ResultSet rows = statement.getResultSet();
    QueryResult result =
        new RowReader(database.dialect(), task, request.maxRows(), maxBytes).read(rows);
    rowsLeft &= result.truncated();
    if (rowsLeft && !request.readOnly()) {
      // The transaction is to be committed, so its rows must be read, or be given up.
      rows.close();
      rowsLeft = false;
    }
    return result;
  }

  /** PostgreSQL and H2 stop after so many rows; MariaDB could not do that for every statement. */
  private void limit(PreparedStatement statement) throws SQLException {
    statement.setFetchSize(RowReader.FIRST_FETCH);
    if (database.dialect() != Dialect.MARIADB) {
      statement.setMaxRows(request.maxRows() + 1);
    }
  }

  /**
   * MariaDB ends a transaction before it changes tables or runs a procedure, so that it would not
   * refuse these. Where the database refuses no write at all, only what returns rows may run.
   */
  private void refuseUnenforced(PreparedStatement statement) throws SQLException, StepFailure {
    if (!request.readOnly()) {
      return;
    }
    boolean unknown = database.dialect() == Dialect.MARIADB && !request.plain();
    if (unknown || (!database.enforcesReadOnly() && statement.getMetaData() == null)) {
      throw StepFailure.of(
              ErrorCode.PERMISSION_DENIED,
              "The statement would write, and must only read",
              Map.of("datasource", database.name()))
          .saying(AttemptVerdict.WORKED);
    }
  }
}
