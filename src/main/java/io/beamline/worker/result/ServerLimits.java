package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import org.jspecify.annotations.Nullable;

/** What the server takes, by the session that is open or was last. Thread-safe. */
final class ServerLimits implements SessionListener {

  private static final long DEFAULT_MAX_PAYLOAD = 1024 * 1024;

  private volatile @Nullable NatsSession latest;

  /** The largest message that the server takes on a subject, in bytes, headers included. */
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
