package io.beamline.worker.block.sql;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Why the last attempt to connect failed. Immutable.
 *
 * @param sqlState the state that the driver reported, null if it reported none
 * @param vendorCode the database's own code
 * @param atNanos when it failed, on the monotonic clock
 */
record ConnectFailure(@Nullable String sqlState, int vendorCode, long atNanos) {

  /** Returns the exception for a caller that waited for the connection. */
  SQLException exception() {
    return new SQLException("No connection", sqlState, vendorCode);
  }
}
