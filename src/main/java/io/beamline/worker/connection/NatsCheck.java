package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.observability.health.StartCheck;
import io.beamline.worker.timeout.Durations;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at NATS, the streams and the consumer, and makes none of them. Whether the user may publish
 * shows only when a worker publishes. Used by one thread.
 */
final class NatsCheck implements StartCheck {

  private static final String NATS = "nats";
  private static final String STREAM = "stream";
  private static final String CONSUMER = "consumer";

  private final ConnectionFactory connections;
  private final NatsDeliveryProperties settings;
  private final ConsumerPreparation consumers;
  private final List<JetStreamCheck> others;

  /**
   * Creates the check.
   *
   * @param others looked at after the streams of assignments and answers
   */
  NatsCheck(
      ConnectionFactory connections, NatsDeliveryProperties settings, List<JetStreamCheck> others) {
    this.connections = connections;
    this.settings = settings;
    this.others = others;
    this.consumers = new ConsumerPreparation(settings);
  }

  @Override
  public List<StartFinding> look() {
    List<StartFinding> findings = new ArrayList<>();
    try {
      Connection connection = connections.connect(() -> {});
      try {
        look(connection, findings);
      } finally {
        connection.close();
      }
    } catch (IOException e) {
      findings.add(
          StartFinding.fault(
              NATS,
              String.join(", ", connections.servers())
                  + " cannot be used: "
                  + FailureDescription.describe(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      findings.add(StartFinding.fault(NATS, "interrupted"));
    }
    return findings;
  }

  private void look(Connection connection, List<StartFinding> findings) {
    findings.add(
        StartFinding.ok(
            NATS,
            FailureDescription.withoutCredentials(String.valueOf(connection.getConnectedUrl()))
                + ", nats-server "
                + connection.getServerInfo().getVersion()));
    if (settings.delivery() == DeliveryMode.CORE) {
      findings.add(StartFinding.ok(STREAM, "core delivery needs none"));
      return;
    }
    JetStreamApi jetStream = new JetStreamApi(connection, settings.jetstreamDomain());
    try {
      JetStreamManagement management = jetStream.management();
      NatsDeliveryProperties.Subjects subjects = settings.subjects();
      StreamConfiguration assignments = stream(management, subjects.assign(), findings);
      Duration ackWait = consumer(management, assignments, findings);
      answers(management, subjects.ack(), ackWait, findings);
      answers(management, subjects.result(), ackWait, findings);
      deadLetters(jetStream, ackWait, findings);
      for (JetStreamCheck other : others) {
        findings.addAll(other.look(jetStream));
      }
    } catch (JetStreamApiException | IOException | IllegalStateException e) {
      String missing = connections.permissions().describe();
      findings.add(
          StartFinding.fault(STREAM, missing.isEmpty() ? jetStream.describeFailure(e) : missing));
    }
  }

  private void answers(
      JetStreamManagement management, String subject, Duration ackWait, List<StartFinding> findings)
      throws JetStreamApiException, IOException {
    StreamConfiguration found = stream(management, subject, findings);
    if (found == null) {
      return;
    }
    if (found.getNoAck()) {
      findings.add(StartFinding.fault(STREAM, JetStreamPreparation.describeNoAck(found, subject)));
    }
    duplicateWindow(found, ackWait, findings);
  }

  /** A worker works with a short window, but the Router may see a second copy of an answer. */
  private static void duplicateWindow(
      StreamConfiguration stream, Duration ackWait, List<StartFinding> findings) {
    Duration window = stream.getDuplicateWindow();
    Duration shortest = shortestWindow(stream, ackWait);
    if (window == null || window.compareTo(shortest) < 0) {
      findings.add(
          StartFinding.warning(
              STREAM,
              ("%s drops second copies for %s: set its duplicate window to %s or more, the longer of"
                      + " 1m and three times ack_wait")
                  .formatted(
                      stream.getName(),
                      window == null ? "no time" : DuplicateWindow.text(window),
                      DuplicateWindow.text(shortest))));
    }
  }

  /** The server takes no window that is longer than it keeps messages. */
  private static Duration shortestWindow(StreamConfiguration stream, Duration ackWait) {
    Duration shortest = DuplicateWindow.shortest(ackWait);
    Duration kept = stream.getMaxAge();
    boolean forgets = kept != null && kept.isPositive();
    return forgets ? Durations.shorter(shortest, kept) : shortest;
  }

  /** A worker starts while the stream of dead letters is out of reach. */
  private void deadLetters(JetStreamApi jetStream, Duration ackWait, List<StartFinding> findings)
      throws JetStreamApiException, IOException {
    try {
      answers(jetStream.management(), settings.subjects().dlq(), ackWait, findings);
    } catch (JetStreamApiException | IOException e) {
      if (!JetStreamPreparation.isOutOfReach(e, jetStream.connection())
          || !connections.permissions().describe().isEmpty()) {
        throw e;
      }
      findings.add(
          StartFinding.warning(
              STREAM, "that of dead letters is out of reach: " + jetStream.describeFailure(e)));
    }
  }

  private @Nullable StreamConfiguration stream(
      JetStreamManagement management, String subject, List<StartFinding> findings)
      throws JetStreamApiException, IOException {
    List<String> found = management.getStreamNames(subject);
    if (found.isEmpty()) {
      SubjectStream missing = new SubjectStream(subject, settings.provision());
      findings.add(
          settings.provision()
              ? StartFinding.willBeMade(STREAM, missing.name())
              : StartFinding.fault(STREAM, missing.describeMissing()));
      return null;
    }
    String name = found.getFirst();
    findings.add(StartFinding.ok(STREAM, name + " holds " + subject));
    return management.getStreamInfo(name).getConfiguration();
  }

  /** Returns how long a lease lasts: by the consumer that exists, else by the settings. */
  private Duration consumer(
      JetStreamManagement management,
      @Nullable StreamConfiguration assignments,
      List<StartFinding> findings)
      throws JetStreamApiException, IOException {
    try {
      ConsumerState found = assignments == null ? null : consumers.look(management, assignments);
      if (found != null) {
        findings.add(StartFinding.ok(CONSUMER, settings.durable() + ", " + found.terms()));
        long most = found.terms().maxDeliver();
        if (most > 0) {
          findings.add(
              StartFinding.warning(
                  CONSUMER, "the server stops delivering an assignment after " + most + " times"));
        }
        return found.terms().ackWait();
      }
      if (settings.provision()) {
        findings.add(StartFinding.willBeMade(CONSUMER, settings.durable()));
      } else if (assignments != null) {
        findings.add(
            StartFinding.fault(CONSUMER, consumers.describeMissing(assignments.getName())));
      }
    } catch (UnusableStreamException e) {
      findings.add(StartFinding.fault(CONSUMER, FailureDescription.describe(e)));
    }
    return settings.ackWait();
  }
}
