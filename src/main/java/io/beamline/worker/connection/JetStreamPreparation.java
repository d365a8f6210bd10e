package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the streams by their subjects. Missing ones are created if {@code worker.nats.provision}
 * allows it (contract section 1, streams and consumer). Existing ones are never changed; later
 * changes by an operator are applied to the session. The stream of dead letters must exist, but
 * need not be within reach: it may lie on one server that is away. Used by one thread.
 */
final class JetStreamPreparation implements SessionPreparation {

  private static final Logger log = LoggerFactory.getLogger(JetStreamPreparation.class);
  private static final long NO_LIMIT = -1;

  /**
   * The number of reviews from one check of the streams to the next. Each stream costs a request.
   */
  private static final int REVIEWS_PER_STREAM_CHECK = 6;

  private final NatsDeliveryProperties settings;
  private final Duration duplicateWindow;
  private final ConsumerPreparation consumers;

  /** Maps the subjects of acks, results and dead letters to the names of their streams. */
  private final Map<String, String> answerStreams = new LinkedHashMap<>();

  /** The largest message of each of these subjects whose stream has a limit, in bytes. */
  private final Map<String, Long> limits = new HashMap<>();

  /** Why dead letters cannot be stored now; empty when they can. */
  private String deadLetterProblem = "";

  private @Nullable StreamConfiguration assignmentsFound;
  private int reviews;

  /**
   * Creates the preparation.
   *
   * @throws io.beamline.worker.config.UnusableSettingException if the duplicate window does not fit
   *     the other settings
   */
  JetStreamPreparation(NatsDeliveryProperties settings) {
    this.settings = settings;
    this.duplicateWindow = DuplicateWindow.of(settings);
    this.consumers = new ConsumerPreparation(settings);
  }

  @Override
  public NatsSession prepare(Connection connection)
      throws UnusableStreamException, JetStreamApiException, IOException {
    JetStreamApi jetStream = new JetStreamApi(connection, settings.jetstreamDomain());
    try {
      return prepare(jetStream);
    } catch (IOException e) {
      throw new IOException(jetStream.describeFailure(e));
    }
  }

  private NatsSession prepare(JetStreamApi jetStream)
      throws UnusableStreamException, JetStreamApiException, IOException {
    JetStreamManagement management = jetStream.management();
    NatsDeliveryProperties.Subjects subjects = settings.subjects();
    String assignments = findOrCreate(management, subjects.assign(), assignmentStream());
    answerStreams.clear();
    for (String subject : List.of(subjects.ack(), subjects.result(), subjects.dlq())) {
      answerStreams.put(subject, findOrCreate(management, subject, answerStream(subject)));
    }
    readAnswerStreams(jetStream);
    StreamInfo info = management.getStreamInfo(assignments);
    assignmentsFound = info.getConfiguration();
    ConsumerState consumer = consumers.prepare(management, info.getConfiguration());
    NatsSession session =
        new NatsSession(jetStream, assignments, identity(info), consumer.terms(), limits);
    session.updateConsumer(consumer);
    session.updateAnswerStreams(limits, deadLetterProblem);
    return session;
  }

  @Override
  public void review(NatsSession session)
      throws UnusableStreamException, JetStreamApiException, IOException {
    JetStreamManagement management = session.jetStream().management();
    StreamConfiguration assignments = assignmentsFound;
    if (assignments == null) {
      return;
    }
    ConsumerState consumer = consumers.review(management, assignments, session.consumerTerms());
    if (consumer == null) {
      session.requestEnd();
      return;
    }
    session.updateConsumer(consumer);
    // While dead letters are known to be out of reach, each of them would request a check.
    boolean requested = session.takeStreamCheckRequest() && deadLetterProblem.isEmpty();
    if (++reviews % REVIEWS_PER_STREAM_CHECK == 0 || requested) {
      reviewAnswerStreams(session, requested);
    }
  }

  /**
   * Applies edited streams. When one is gone, requests the end of the session.
   *
   * @param requested whether dead letters are not confirmed: perhaps their stream no longer holds
   *     their subject
   */
  private void reviewAnswerStreams(NatsSession session, boolean requested)
      throws UnusableStreamException, JetStreamApiException, IOException {
    try {
      readAnswerStreams(session.jetStream());
      if (requested && deadLetterProblem.isEmpty() && !holdsDeadLetters(session)) {
        session.requestEnd();
        return;
      }
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != JetStreamErrors.STREAM_NOT_FOUND) {
        throw e;
      }
      session.requestEnd();
      return;
    }
    session.updateAnswerStreams(limits, deadLetterProblem);
  }

  private boolean holdsDeadLetters(NatsSession session) throws JetStreamApiException, IOException {
    String subject = settings.subjects().dlq();
    return session
        .jetStream()
        .management()
        .getStreamNames(subject)
        .contains(answerStreams.get(subject));
  }

  private void readAnswerStreams(JetStreamApi jetStream)
      throws UnusableStreamException, JetStreamApiException, IOException {
    JetStreamManagement management = jetStream.management();
    for (Map.Entry<String, String> answers : answerStreams.entrySet()) {
      if (answers.getKey().equals(settings.subjects().dlq())) {
        readDeadLetterStream(jetStream, answers.getKey(), answers.getValue());
      } else {
        readStream(management, answers.getKey(), answers.getValue());
      }
    }
  }

  /** Reads the stream of dead letters. If it is out of reach, its last known limit stays. */
  private void readDeadLetterStream(JetStreamApi jetStream, String subject, String name)
      throws UnusableStreamException, JetStreamApiException, IOException {
    boolean wasWithinReach = deadLetterProblem.isEmpty();
    try {
      readStream(jetStream.management(), subject, name);
      deadLetterProblem = "";
    } catch (JetStreamApiException | IOException e) {
      if (!isOutOfReach(e, jetStream.connection())) {
        throw e;
      }
      deadLetterProblem = "the stream " + name + " of dead letters is out of reach";
      if (wasWithinReach) {
        log.atWarn()
            .addKeyValue("stream", name)
            .addKeyValue("cause", FailureDescription.describe(e))
            .log("The stream of dead letters is out of reach; dead letters are kept");
      }
      return;
    }
    if (!wasWithinReach) {
      log.atInfo().addKeyValue("stream", name).log("The stream of dead letters is within reach");
    }
  }

  /** Returns whether the stream may exist although its server does not answer for it. */
  static boolean isOutOfReach(Exception e, Connection connection) {
    return e instanceof JetStreamApiException refused
        ? JetStreamErrors.isServerError(refused)
        : connection.getStatus() == Connection.Status.CONNECTED;
  }

  /** Reads the largest message of a subject from the stream that holds it. */
  private void readStream(JetStreamManagement management, String subject, String name)
      throws UnusableStreamException, JetStreamApiException, IOException {
    StreamConfiguration stream = management.getStreamInfo(name).getConfiguration();
    requireAcks(stream, subject);
    long limit = stream.getMaximumMessageSize();
    if (limit > 0) {
      limits.put(subject, limit);
    } else {
      limits.remove(subject);
    }
  }

  private static void requireAcks(StreamConfiguration answers, String subject)
      throws UnusableStreamException {
    if (answers.getNoAck()) {
      throw new UnusableStreamException(describeNoAck(answers, subject));
    }
  }

  /** Returns a sentence that says why a stream that confirms nothing cannot be used. */
  static String describeNoAck(StreamConfiguration answers, String subject) {
    return "the stream "
        + answers.getName()
        + " of the subject "
        + subject
        + " confirms nothing: set its no_ack to false";
  }

  private String findOrCreate(
      JetStreamManagement management, String subject, StreamConfiguration missing)
      throws UnusableStreamException, JetStreamApiException, IOException {
    SubjectStream stream = stream(subject);
    String found = stream.findOrCreate(management, missing);
    if (found == null) {
      throw new UnusableStreamException(stream.describeMissing());
    }
    return found;
  }

  private StreamConfiguration assignmentStream() {
    return stream(settings.subjects().assign())
        .configuration(settings.replicas())
        .retentionPolicy(RetentionPolicy.WorkQueue)
        .build();
  }

  private StreamConfiguration answerStream(String subject) {
    long maxBytes = settings.maxBytes().toBytes();
    return stream(subject)
        .configuration(settings.replicas())
        .retentionPolicy(RetentionPolicy.Limits)
        .maxAge(settings.maxAge())
        .maxBytes(maxBytes == 0 ? NO_LIMIT : maxBytes)
        .duplicateWindow(duplicateWindow)
        .build();
  }

  private SubjectStream stream(String subject) {
    return new SubjectStream(subject, settings.provision());
  }

  private static String identity(StreamInfo info) {
    return info.getConfiguration().getName() + "@" + info.getCreateTime().toInstant();
  }
}
