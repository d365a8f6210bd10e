package io.beamline.worker.block.sql;

import java.sql.SQLException;

/** Nobody waits for the statement any more. It ends the work on the statement's thread. */
final class AbandonedStatementException extends SQLException {

  AbandonedStatementException() {
    super("Nobody waits for the statement");
  }
}
