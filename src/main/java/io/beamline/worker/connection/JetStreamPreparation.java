package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the streams by their subjects, and makes those that are missing if it may (contract section
 * 1, provisioning). What an operator made is left as it is, and followed when it is edited. Used by
 * one thread.
 */
final class JetStreamPreparation implements SessionPreparation {

  private static final Logger log = LoggerFactory.getLogger(JetStreamPreparation.class);
  private static final Duration KEPT_FOR = Duration.ofDays(7);
  private static final Duration DUPLICATE_WINDOW = Duration.ofMinutes(10);

  /** The streams are looked at again in every so many reviews: each costs a request. */
  private static final int REVIEWS_PER_LOOK_AT_STREAMS = 6;

  private final NatsDeliveryProperties settings;
  private final ConsumerPreparation consumers;

  /** The subjects of acks, results and dead letters, each with its stream's name. */
  private final Map<String, String> answerStreams = new LinkedHashMap<>();

  private @Nullable StreamConfiguration assignmentsFound;
  private int reviews;

  JetStreamPreparation(NatsDeliveryProperties settings) {
    this.settings = settings;
    this.consumers = new ConsumerPreparation(settings);
  }

  @Override
  public NatsSession prepare(Connection connection)
      throws UnusableStreamException, JetStreamApiException, IOException {
    JetStreamManagement management = connection.jetStreamManagement();
    NatsDeliveryProperties.Subjects subjects = settings.subjects();
    String assignments = findOrMake(management, subjects.assign(), assignmentStream());
    answerStreams.clear();
    for (String subject : List.of(subjects.ack(), subjects.result(), subjects.dlq())) {
      answerStreams.put(subject, findOrMake(management, subject, answerStream(subject)));
    }
    Map<String, Long> limits = limits(management);
    StreamInfo info = management.getStreamInfo(assignments);
    assignmentsFound = info.getConfiguration();
    ConsumerTerms consumer = consumers.prepare(management, info.getConfiguration());
    return new NatsSession(connection, assignments, identity(info), consumer, limits);
  }

  @Override
  public void review(NatsSession session)
      throws UnusableStreamException, JetStreamApiException, IOException {
    JetStreamManagement management = session.connection().jetStreamManagement();
    StreamConfiguration assignments = assignmentsFound;
    if (assignments == null) {
      return;
    }
    ConsumerTerms terms = consumers.review(management, assignments, session.consumer());
    if (terms == null) {
      session.renew();
      return;
    }
    session.follow(terms);
    if (++reviews % REVIEWS_PER_LOOK_AT_STREAMS == 0) {
      session.follow(limits(management));
    }
  }

  /** The largest message of each subject whose stream limits it, in bytes. */
  private Map<String, Long> limits(JetStreamManagement management)
      throws UnusableStreamException, JetStreamApiException, IOException {
    Map<String, Long> limits = new HashMap<>();
    for (Map.Entry<String, String> answers : answerStreams.entrySet()) {
      StreamConfiguration stream = management.getStreamInfo(answers.getValue()).getConfiguration();
      refuseSilent(stream, answers.getKey());
      long limit = stream.getMaximumMessageSize();
      if (limit > 0) {
        limits.put(answers.getKey(), limit);
      }
    }
    return limits;
  }

  private static void refuseSilent(StreamConfiguration answers, String subject)
      throws UnusableStreamException {
    if (answers.getNoAck()) {
      throw new UnusableStreamException(
          "the stream "
              + answers.getName()
              + " of the subject "
              + subject
              + " confirms nothing: set its no_ack to false");
    }
  }

  private String findOrMake(
      JetStreamManagement management, String subject, StreamConfiguration missing)
      throws UnusableStreamException, JetStreamApiException, IOException {
    List<String> found = management.getStreamNames(subject);
    if (!found.isEmpty()) {
      return found.getFirst();
    }
    if (!settings.provision()) {
      throw new UnusableStreamException(
          "no stream holds the subject "
              + subject
              + ": make one, or let the worker make it with worker.nats.provision=true");
    }
    try {
      management.addStream(missing);
    } catch (JetStreamApiException e) {
      // Another worker may have made it in the same moment.
      List<String> made = management.getStreamNames(subject);
      if (made.isEmpty()) {
        throw e;
      }
      return made.getFirst();
    }
    log.atInfo()
        .addKeyValue("stream", missing.getName())
        .addKeyValue("subject", subject)
        .log("Stream made");
    return missing.getName();
  }

  private StreamConfiguration assignmentStream() {
    return stream(settings.subjects().assign()).retentionPolicy(RetentionPolicy.WorkQueue).build();
  }

  private static StreamConfiguration answerStream(String subject) {
    return stream(subject)
        .retentionPolicy(RetentionPolicy.Limits)
        .maxAge(KEPT_FOR)
        .duplicateWindow(DUPLICATE_WINDOW)
        .build();
  }

  private static StreamConfiguration.Builder stream(String subject) {
    return StreamConfiguration.builder()
        .name(subject.replace('.', '_').toUpperCase(Locale.ROOT))
        .subjects(subject)
        .storageType(StorageType.File);
  }

  private static String identity(StreamInfo info) {
    return info.getConfiguration().getName() + "@" + info.getCreateTime().toInstant();
  }
}
