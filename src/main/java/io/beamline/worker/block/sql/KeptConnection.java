package io.beamline.worker.block.sql;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Has the pool keep a connection whatever error a statement reports: a statement can raise any
 * state. {@link SqlTask} finds out whether the connection still answers, and takes it out of the
 * pool if not. Public because the pool makes it.
 */
public final class KeptConnection implements SQLExceptionOverride {

  @java.lang.Override
  public Override adjudicate(SQLException error) {
    return Override.DO_NOT_EVICT;
  }
}
