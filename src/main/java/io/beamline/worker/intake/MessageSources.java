package io.beamline.worker.intake;

import io.beamline.worker.connection.NatsSession;

/** Opens the source of messages in a session. */
interface MessageSources {

  /**
   * A source that gives messages from now on.
   *
   * @throws SourceFailedException when it cannot be opened
   */
  MessageSource open(NatsSession session) throws SourceFailedException;
}
