package io.beamline.worker.connection;

/** Told when a session begins and ends. Calls come one at a time, on one thread. */
public interface SessionListener {

  /** A session is ready for use. Must return soon: the others are told after it. */
  void opened(NatsSession session);

  /** The session of the last {@link #opened} is over. Must return soon. */
  void closed();
}
