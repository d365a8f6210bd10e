package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import org.jspecify.annotations.Nullable;

/** The size limits of the present session, or of the last one. Safe for several threads. */
final class ServerLimits implements SessionListener {

  private static final long DEFAULT_MAX_PAYLOAD = 1024 * 1024;

  private volatile @Nullable NatsSession latest;

  /** Returns the largest message that a subject takes, in bytes, headers included. */
  long of(String subject) {
    NatsSession last = latest;
    return last == null ? DEFAULT_MAX_PAYLOAD : last.limit(subject);
  }

  @Override
  public void opened(NatsSession session) {
    latest = session;
  }

  @Override
  public void closed() {}
}
