package io.beamline.worker.block.sql;

import java.util.List;

/**
 * A statement that is to run. Immutable.
 *
 * @param sql with a {@code ?} for each parameter
 * @param parameters their values in their order
 * @param readOnly whether it must not write
 * @param maxRows the most rows to return, 1 to 100 000
 * @param plain whether it leaves the session of its connection as it was
 */
record QueryRequest(
    String sql, List<SqlParameter> parameters, boolean readOnly, int maxRows, boolean plain) {

  /** Returns nothing of the statement, so that none reaches a log. */
  @Override
  public String toString() {
    return "QueryRequest[" + parameters.size() + " parameters]";
  }
}
