package io.beamline.worker.connection;

import io.beamline.worker.observability.health.StartCheck.StartFinding;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.List;

/**
 * Something in JetStream that a part of the worker needs, and that {@code --check} looks at
 * (contract section 9, command line). It changes nothing. Beans of this type are called one after
 * the other, by the thread of the command, and not in core delivery.
 */
public interface JetStreamCheck {

  /**
   * Looks at it. Returns a finding for each thing that is needed; empty if the settings do not use
   * it.
   *
   * @throws IOException if the server does not answer
   * @throws JetStreamApiException if the server refuses a request
   */
  List<StartFinding> look(JetStreamApi jetStream) throws IOException, JetStreamApiException;
}
