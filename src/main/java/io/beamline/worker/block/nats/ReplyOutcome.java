package io.beamline.worker.block.nats;

import io.nats.client.Message;

/** How the wait for a reply ended, unless its time was over. */
sealed interface ReplyOutcome {

  /** A message came, from a service or from the server. */
  record Replied(Message message) implements ReplyOutcome {}

  /** The connection was lost, or there was none. */
  record ConnectionLost() implements ReplyOutcome {}

  /** The server does not let the worker publish to the subject. */
  record PublicationRefused() implements ReplyOutcome {}
}
