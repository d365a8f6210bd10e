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

  /** Returns whether the connection can be used again. */
  boolean leavesConnectionClean();

  /**
   * Ends what statements leave in the session of their connection, such as locks and settings. The
   * next step may be another tenant's.
   *
   * @throws SQLException if that fails; the connection must not be used again
   */
  void reset(Connection connection) throws SQLException;
}
