package io.beamline.worker.block.nats;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the worker's sessions with NATS, so that requests use the present one. Thread-safe: its
 * only state is one volatile reference.
 */
final class RequestSessions implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(RequestSessions.class);

  private volatile @Nullable ReplyInbox current;

  /** Returns the inbox of the present session, or null if there is no session. */
  @Nullable ReplyInbox current() {
    return current;
  }

  /** Ends the requests to a subject to which the server does not let the worker publish. */
  void refused(String subject) {
    ReplyInbox inbox = current;
    if (inbox != null) {
      inbox.refused(subject);
    }
  }

  @Override
  public void opened(NatsSession session) {
    try {
      current = new ReplyInbox(session.connection());
    } catch (IllegalStateException e) {
      log.debug("The session ended before replies could be received");
    }
  }

  @Override
  public void closed() {
    ReplyInbox inbox = current;
    current = null;
    if (inbox != null) {
      inbox.close();
    }
  }
}
