package io.beamline.worker.intake;

import io.beamline.worker.connection.NatsSession;

/** Opens the source of messages in a session. */
interface MessageSources {

  /**
   * Opens a source that delivers messages from now on.
   *
   * @throws SourceFailedException if it cannot be opened
   */
  MessageSource open(NatsSession session) throws SourceFailedException;
}
