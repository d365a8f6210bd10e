package io.beamline.worker.config;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How assignments are received and answers are published (contract sections 1, 6 and 8).
 *
 * @param delivery {@code jetstream}: a durable pull consumer; {@code core}: a queue group
 * @param jetstreamDomain the JetStream domain of the streams, the consumer and the buckets; empty
 *     for the JetStream of the server
 * @param provision whether missing streams and the consumer are created
 * @param replicas how many servers keep each stream that the worker creates: 1, 3 or 5
 * @param maxAge how long acks, results and dead letters are kept in streams that the worker
 *     creates, 1 h to 1 year
 * @param maxBytes the most bytes of each of these streams, after which the oldest messages go; 0
 *     for no limit, at most 1 TB
 * @param duplicateWindow how long the server drops a second copy of an ack, a result or a dead
 *     letter, for streams that the worker creates, 1 min to 24 h; zero for 5 min or three times
 *     {@code ackWait}, whichever is longer
 * @param durable the durable consumer's name, shared by the fleet
 * @param queueGroup the queue group of core delivery
 * @param ackWait how long a lease lasts, for a consumer that the worker creates, 1 s to 1 h
 * @param maxDeliver deliveries that count (contract section 6) before an assignment is a dead
 *     letter, 1 to 1 000
 * @param maxAckPending unacknowledged assignments of the whole fleet, for a consumer that the
 *     worker creates, 1 to 1 000 000
 * @param maxUnpublished memory for answers that cannot be published yet, 1 MB to 1 GB; a quarter of
 *     the heap at most
 * @param sslBundle the SSL bundle with the authorities and the certificate of the connection; empty
 *     for what {@code nats.spring.*} says
 * @param subjects the subjects
 */
@ConfigurationProperties("worker.nats")
public record NatsDeliveryProperties(
    @DefaultValue("jetstream") DeliveryMode delivery,
    @DefaultValue("")
        @Pattern(regexp = "[A-Za-z0-9_-]{0,64}", message = "at most 64 letters, digits, - and _")
        String jetstreamDomain,
    @DefaultValue("true") boolean provision,
    @DefaultValue("1") @Min(1) @Max(5) int replicas,
    @DefaultValue("168h") @DurationMin(hours = 1) @DurationMax(hours = 8_760) Duration maxAge,
    @DefaultValue("0B") @SizeRange(min = "0B", max = "1TB") DataSize maxBytes,
    @DefaultValue("0s") @DurationMin @DurationMax(hours = 24) Duration duplicateWindow,
    @DefaultValue("caf-workers")
        @Pattern(regexp = "[A-Za-z0-9_-]{1,128}", message = "1 to 128 letters, digits, - and _")
        String durable,
    @DefaultValue("caf-workers")
        @Pattern(
            regexp = "[A-Za-z0-9_.-]{1,128}",
            message = "1 to 128 letters, digits, dots, - and _")
        String queueGroup,
    @DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration ackWait,
    @DefaultValue("20") @Min(1) @Max(1_000) int maxDeliver,
    @DefaultValue("20000") @Min(1) @Max(1_000_000) int maxAckPending,
    @DefaultValue("64MB") @SizeRange(min = "1MB", max = "1GB") DataSize maxUnpublished,
    @DefaultValue("") String sslBundle,
    @DefaultValue Subjects subjects) {

  /** Whether so many servers can agree. */
  @AssertTrue(message = "1, 3 or 5 replicas")
  public boolean isReplicasOdd() {
    return replicas % 2 == 1;
  }

  /** How assignments are received. */
  public enum DeliveryMode {
    /** A durable pull consumer of JetStream, explicitly acknowledged. */
    JETSTREAM,
    /** A queue group of core NATS, at most once. */
    CORE
  }

  /**
   * The subjects (contract section 1): letters, digits, {@code - _} and dots between them; no two
   * the same, or the worker would take its own answers for assignments.
   *
   * @param assign where assignments come from
   * @param ack where acks go
   * @param result where results go
   * @param heartbeat where heartbeats go
   * @param dlq where dead letters go
   * @param cancel where requests to cancel come from
   */
  public record Subjects(
      @DefaultValue("caf.exec.assign.v1") @Pattern(regexp = SUBJECT, message = SUBJECT_RULE)
          String assign,
      @DefaultValue("caf.exec.assign.v1.ack") @Pattern(regexp = SUBJECT, message = SUBJECT_RULE)
          String ack,
      @DefaultValue("caf.exec.result.v1") @Pattern(regexp = SUBJECT, message = SUBJECT_RULE)
          String result,
      @DefaultValue("caf.worker.heartbeat.v1") @Pattern(regexp = SUBJECT, message = SUBJECT_RULE)
          String heartbeat,
      @DefaultValue("caf.exec.dlq.v1") @Pattern(regexp = SUBJECT, message = SUBJECT_RULE)
          String dlq,
      @DefaultValue("caf.exec.cancel.v1") @Pattern(regexp = SUBJECT, message = SUBJECT_RULE)
          String cancel) {

    private static final String SUBJECT = "[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+){0,31}";
    private static final String SUBJECT_RULE =
        "1 to 32 words of letters, digits, - and _ with dots between them";

    /** Whether no subject is used twice. */
    @AssertTrue(message = "six subjects that differ from each other")
    public boolean isDistinct() {
      return Stream.of(assign, ack, result, heartbeat, dlq, cancel).distinct().count() == 6;
    }
  }
}
