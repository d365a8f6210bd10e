package io.beamline.worker.connection;

import io.nats.client.api.ConsumerInfo;
import java.time.Duration;

/**
 * The consumer as the server described it last. Immutable.
 *
 * @param backlog the number of assignments in the stream that were never delivered
 */
record ConsumerState(ConsumerTerms terms, long backlog) {

  static ConsumerState of(ConsumerInfo info, Duration defaultAckWait) {
    return new ConsumerState(
        ConsumerTerms.of(info.getConsumerConfiguration(), defaultAckWait), info.getNumPending());
  }
}
