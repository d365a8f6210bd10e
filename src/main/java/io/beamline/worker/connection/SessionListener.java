package io.beamline.worker.connection;

/** Notified when a session begins and ends. All calls come on one thread, one after the other. */
public interface SessionListener {

  /** A session is ready for use. Must return soon, because the next listener waits for it. */
  void opened(NatsSession session);

  /** The session of the last {@link #opened} has ended. Must return soon. */
  void closed();
}
