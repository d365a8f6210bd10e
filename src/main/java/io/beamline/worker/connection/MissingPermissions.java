package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The permissions that the worker, or a command, needs and the server has recently refused. A
 * refusal counts for {@link #REFUSAL_TTL}, which is longer than the worker waits before it tries
 * again. The client's threads record refusals while others read. Thread-safe: its state is
 * concurrent maps and a volatile reference.
 */
final class MissingPermissions {

  static final Duration REFUSAL_TTL = Duration.ofMinutes(1);

  private static final Pattern VIOLATION =
      Pattern.compile(
          "permissions violation for (publish|subscription) to \"?([^\"\\s]+)",
          Pattern.CASE_INSENSITIVE);

  private static final String PULL = "CONSUMER.MSG.NEXT.";

  /**
   * Part of each request for a bucket, followed by the bucket's name. The worker can run without
   * the buckets of shared flags and of suspects.
   */
  private static final Pattern BUCKET =
      Pattern.compile("(?:\\.KV_|(?:^|\\.)\\$KV\\.)([A-Za-z0-9_-]+)");

  private final TimeSource time;
  private final String user;
  private final Needs needs;
  private final Map<Permission, Long> refused = new ConcurrentHashMap<>();
  private final Map<String, Long> refusedBuckets = new ConcurrentHashMap<>();

  private volatile Consumer<String> refusedPublications = subject -> {};

  private MissingPermissions(TimeSource time, String user, Needs needs) {
    this.time = time;
    this.user = user;
    this.needs = needs;
  }

  /**
   * Creates a record without refusals, for a worker.
   *
   * @param purposes the subjects that the worker publishes to besides those of JetStream, each with
   *     its purpose
   */
  MissingPermissions(TimeSource time, Map<String, String> purposes) {
    this(
        time,
        "the NATS user of the worker",
        (publish, subject) ->
            publish
                ? toPublish(subject, purposes)
                : new Permission("subscribe to " + inbox(subject), "to receive"));
  }

  /**
   * Returns a record for a command, which needs every permission that is refused.
   *
   * @param owner whose NATS user it is; a part of a sentence
   */
  static MissingPermissions ofCommand(TimeSource time, String owner) {
    return new MissingPermissions(time, "the NATS user of " + owner, CommandPermissions::missing);
  }

  /** Returns a record for a worker with these subjects. */
  static MissingPermissions of(TimeSource time, NatsDeliveryProperties.Subjects subjects) {
    MissingPermissions needed =
        new MissingPermissions(
            time,
            Map.of(
                subjects.ack(), "to publish acks",
                subjects.result(), "to publish results",
                subjects.dlq(), "to publish dead letters"));
    return new MissingPermissions(
        time,
        needed.user,
        (publish, subject) ->
            isForCancellation(subject, subjects.cancel())
                ? null
                : needed.needs.missing(publish, subject));
  }

  /**
   * Sets what is called with each subject that the server refuses to publish to, whether the worker
   * needs it or not. It is called on a thread of the client, and must return soon.
   */
  void onPublicationRefused(Consumer<String> listener) {
    refusedPublications = listener;
  }

  /** Records an error of the server. Ignores errors that are no refused permission. */
  void record(String error) {
    Matcher violation = VIOLATION.matcher(error);
    if (!violation.find()) {
      return;
    }
    String subject = violation.group(2);
    boolean publish = violation.group(1).equalsIgnoreCase("publish");
    if (publish) {
      refusedPublications.accept(subject);
    }
    Permission permission = needs.missing(publish, subject);
    if (permission != null) {
      refused.put(permission, time.nanos());
    }
    String bucket = bucket(subject);
    if (bucket != null) {
      refusedBuckets.put(bucket, time.nanos());
    }
  }

  /**
   * Returns whether the user may publish to a subject, as far as is known. For a subject of a
   * bucket, every refused action on the bucket counts.
   */
  boolean mayPublish(String subject) {
    Permission permission = needs.missing(true, subject);
    if (permission != null) {
      return !current(refused).containsKey(permission);
    }
    String bucket = bucket(subject);
    return bucket == null || !current(refusedBuckets).containsKey(bucket);
  }

  /** Returns a sentence that names all missing permissions; empty when none is missing. */
  String describe() {
    return current(refused).keySet().stream()
        .map(missing -> "may not " + missing.what + ", " + missing.purpose)
        .sorted()
        .collect(Collectors.joining("; "))
        .transform(all -> all.isEmpty() ? "" : user + " " + all);
  }

  private <T> Map<T, Long> current(Map<T, Long> refusals) {
    long now = time.nanos();
    refusals.values().removeIf(since -> now - since >= REFUSAL_TTL.toNanos());
    return refusals;
  }

  /**
   * Returns whether a subject is for the requests to cancel: the worker can run without them. An
   * operator may have given their stream any name; then the consumer's name or filter tells.
   */
  private static boolean isForCancellation(String subject, String cancel) {
    String request = JetStreamApi.request(subject);
    if (request == null) {
      return subject.equals(cancel);
    }
    String stream = new SubjectStream(cancel, false).name();
    return request.endsWith("." + cancel)
        || Stream.of(request.split("\\.", -1))
            .anyMatch(word -> word.equals(stream) || word.startsWith("cancel-"));
  }

  private static @Nullable String bucket(String subject) {
    Matcher bucket = BUCKET.matcher(subject);
    return bucket.find() ? bucket.group(1) : null;
  }

  /** Returns null for a permission that the worker does not need. */
  private static @Nullable Permission toPublish(String subject, Map<String, String> purposes) {
    if (AckSubject.matches(subject)) {
      return new Permission(
          "publish to " + new AckSubject(subject).ofWholeConsumer(), "to acknowledge");
    }
    String request = JetStreamApi.request(subject);
    if (request != null && bucket(subject) == null) {
      String purpose = request.startsWith(PULL) ? "to pull" : "to look at streams and the consumer";
      return new Permission("publish to " + subject, purpose);
    }
    String purpose = purposes.get(subject);
    return purpose == null ? null : new Permission("publish to " + subject, purpose);
  }

  private static String inbox(String subject) {
    return subject.startsWith("_") ? subject.split("\\.", 2)[0] + ".>" : subject;
  }

  /** Decides which refused permissions are needed. */
  private interface Needs {

    /** Returns the permission that is missing, or null if the refused subject is not needed. */
    @Nullable Permission missing(boolean publish, String subject);
  }

  /**
   * A permission that is needed and was refused.
   *
   * @param what the refused action and its subject
   * @param purpose what the worker needs it for, or what to allow to a command
   */
  record Permission(String what, String purpose) {}
}
