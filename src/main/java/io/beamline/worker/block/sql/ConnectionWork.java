package io.beamline.worker.block.sql;

import io.beamline.worker.block.StepFailure;
import java.sql.Connection;
import java.sql.SQLException;

/** What is done with a connection, on a thread of its database. */
interface ConnectionWork {

  /**
   * Runs the statement and ends its transaction.
   *
   * @param task whom to show the statement, so that it can be cancelled
   * @throws SQLException the database's error; the caller rolls back
   * @throws StepFailure a failure of the worker's own; the caller rolls back
   */
  QueryResult run(Connection connection, SqlTask task) throws SQLException, StepFailure;

  /** Returns whether the connection is as it was before, so that another step may have it. */
  boolean leavesConnectionClean();
}
