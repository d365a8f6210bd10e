package io.beamline.worker.intake;

import io.beamline.worker.connection.JetStreamErrors;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.contract.ResourcePool;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the assignments in the stream that were not delivered yet, without taking them (contract
 * section 5, policy {@code hold}): while one pool is full, steps for another one may stand behind
 * steps for the full one. An assignment without interest is not looked at again. Used by one
 * thread.
 */
final class StreamView {

  /** The view reaches so far beyond what was delivered. */
  static final int MAX_MESSAGES = 64;

  private static final Logger log = LoggerFactory.getLogger(StreamView.class);

  private final NatsSession session;
  private final String durable;
  private final String subject;
  private final Function<byte[], @Nullable ResourcePool> poolOf;
  private Set<ResourcePool> lookedFor = Set.of();
  private long seenUpTo;

  /**
   * Creates a view that has seen nothing yet.
   *
   * @param subject the subject of assignments
   * @param poolOf returns the pool of an assignment, null if it cannot become a step
   */
  StreamView(
      NatsSession session,
      String durable,
      String subject,
      Function<byte[], @Nullable ResourcePool> poolOf) {
    this.session = session;
    this.durable = durable;
    this.subject = subject;
    this.poolOf = poolOf;
  }

  /**
   * Returns the place of the first assignment for one of these pools, 1 for the next one that is
   * delivered. Returns 0 if none is in view, or if the stream cannot be read now.
   */
  int firstFor(Set<ResourcePool> pools) {
    try {
      JetStreamManagement management = session.jetStream().management();
      ConsumerInfo consumer = management.getConsumerInfo(session.stream(), durable);
      return consumer.getNumPending() == 0
          ? 0
          : firstFor(pools, management, consumer.getDelivered().getStreamSequence());
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      log.atDebug()
          .addKeyValue("cause", e.getMessage())
          .log("The stream could not be looked at; the worker tries again");
      return 0;
    }
  }

  private int firstFor(Set<ResourcePool> pools, JetStreamManagement management, long delivered)
      throws IOException, JetStreamApiException {
    seenUpTo = pools.equals(lookedFor) ? Math.max(seenUpTo, delivered) : delivered;
    lookedFor = Set.copyOf(pools);
    while (seenUpTo < delivered + MAX_MESSAGES) {
      MessageInfo message = next(management);
      if (message == null || message.getSeq() > delivered + MAX_MESSAGES) {
        return 0;
      }
      byte[] body = message.getData();
      ResourcePool pool = body == null ? null : poolOf.apply(body);
      if (pool != null && pools.contains(pool)) {
        return (int) (message.getSeq() - delivered);
      }
      seenUpTo = message.getSeq();
    }
    return 0;
  }

  private @Nullable MessageInfo next(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    try {
      return management.getNextMessage(session.stream(), seenUpTo + 1, subject);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == JetStreamErrors.NO_MESSAGE) {
        return null;
      }
      throw e;
    }
  }
}
