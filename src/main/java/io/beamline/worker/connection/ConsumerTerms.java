package io.beamline.worker.connection;

import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The terms of the consumer: how long a lease lasts, and the limits of pulls and deliveries.
 * Immutable.
 *
 * @param ackWait how long a lease lasts; zero in core delivery
 * @param maxBatch the most messages that one pull may request
 * @param maxExpires the longest time that one pull may wait at the server
 * @param maxBytes the most bytes that one pull may request
 * @param maxAckPending the most assignments that all workers may hold; 0 or less for no limit
 * @param maxDeliver how often the server delivers an assignment; 0 or less for no limit
 */
public record ConsumerTerms(
    Duration ackWait,
    int maxBatch,
    Duration maxExpires,
    long maxBytes,
    long maxAckPending,
    long maxDeliver) {

  private static final Duration NO_LIMIT = Duration.ofDays(1);

  /** Returns the terms of a consumer without limits. */
  static ConsumerTerms unlimited(Duration ackWait) {
    return new ConsumerTerms(ackWait, Integer.MAX_VALUE, NO_LIMIT, Long.MAX_VALUE, -1, -1);
  }

  /**
   * Returns the terms of a consumer of the server.
   *
   * @param defaultAckWait how long a lease lasts if the consumer does not say
   */
  static ConsumerTerms of(ConsumerConfiguration consumer, Duration defaultAckWait) {
    Duration ackWait = consumer.getAckWait();
    return new ConsumerTerms(
        ackWait == null ? defaultAckWait : ackWait,
        (int) limit(consumer.getMaxBatch(), Integer.MAX_VALUE),
        limit(consumer.getMaxExpires()),
        limit(consumer.getMaxBytes(), Long.MAX_VALUE),
        consumer.getMaxAckPending(),
        consumer.getMaxDeliver());
  }

  private static long limit(long value, long none) {
    return value > 0 ? value : none;
  }

  private static Duration limit(@Nullable Duration value) {
    return value == null || value.isZero() || value.isNegative() ? NO_LIMIT : value;
  }
}
