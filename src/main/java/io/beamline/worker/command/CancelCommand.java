package io.beamline.worker.command;

import io.beamline.worker.cancellation.CancelOrder;
import io.beamline.worker.cancellation.CancelPublisher;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.deadletter.CommandFailedException;
import io.beamline.worker.deadletter.Printable;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.io.PrintStream;

/** Publishes a request to cancel an assignment (contract section 9). Used by one thread. */
record CancelCommand(
    JetStreamApi jetStream, NatsDeliveryProperties settings, PrintStream out, TimeSource time) {

  private static final int OK = 0;

  /**
   * Publishes the request.
   *
   * @return the exit code, 0
   */
  int run(Command.CancelAssignment command)
      throws IOException, JetStreamApiException, CommandFailedException, InterruptedException {
    String by = System.getProperty("user.name", "unknown");
    switch (CancelOrder.of(
        command.id(), command.tenant(), command.reason(), by, time.epochMillis())) {
      case CancelOrder.Refused(String sentence) -> throw new CommandFailedException(sentence);
      case CancelOrder.Publishable(CancelRequest request) -> publish(request);
    }
    out.println(
        "Requested: workers with CP2_CANCELLATION_ENABLED cancel "
            + Printable.line(command.id())
            + " of "
            + Printable.line(command.tenant())
            + ", also if it arrives within an hour");
    return OK;
  }

  private void publish(CancelRequest request)
      throws IOException, JetStreamApiException, InterruptedException {
    new CancelPublisher(settings.subjects().cancel(), settings.delivery() == DeliveryMode.JETSTREAM)
        .publish(jetStream, request);
  }
}
