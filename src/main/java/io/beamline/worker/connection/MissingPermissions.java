package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The permissions that the worker needs and the server has recently refused. A refusal counts for
 * {@link #REFUSAL_TTL}, which is longer than the worker waits before it tries again. The client's
 * threads record refusals while others read. Thread-safe: the only state is a concurrent map.
 */
final class MissingPermissions {

  static final Duration REFUSAL_TTL = Duration.ofMinutes(1);

  private static final Pattern VIOLATION =
      Pattern.compile(
          "permissions violation for (publish|subscription) to \"?([^\"\\s]+)",
          Pattern.CASE_INSENSITIVE);

  private static final String PULL = "$JS.API.CONSUMER.MSG.NEXT.";
  private static final String API = "$JS.API.";

  /** The bucket of shared flags. The worker can run without it. */
  private static final String BUCKET = ".KV_";

  private final TimeSource time;
  private final Map<String, String> purposes;
  private final Map<Permission, Long> refused = new ConcurrentHashMap<>();

  /**
   * Creates a record without refusals.
   *
   * @param purposes the subjects that the worker publishes to besides those of JetStream, each with
   *     its purpose
   */
  MissingPermissions(TimeSource time, Map<String, String> purposes) {
    this.time = time;
    this.purposes = Map.copyOf(purposes);
  }

  /** Returns a record for a worker with these subjects. */
  static MissingPermissions of(TimeSource time, NatsDeliveryProperties.Subjects subjects) {
    return new MissingPermissions(
        time,
        Map.of(
            subjects.ack(), "to publish acks",
            subjects.result(), "to publish results",
            subjects.dlq(), "to publish dead letters"));
  }

  /** Records an error of the server. Ignores errors that are no refused permission. */
  void record(String error) {
    Matcher violation = VIOLATION.matcher(error);
    if (!violation.find()) {
      return;
    }
    String subject = violation.group(2);
    Permission permission =
        violation.group(1).equalsIgnoreCase("publish")
            ? toPublish(subject)
            : new Permission("subscribe to " + inbox(subject), "to receive");
    if (permission != null) {
      refused.put(permission, time.nanos());
    }
  }

  /** Returns whether the worker may publish to a subject, as far as is known. */
  boolean mayPublish(String subject) {
    Permission permission = toPublish(subject);
    return permission == null || !current().containsKey(permission);
  }

  /** Returns a sentence that names all missing permissions; empty when none is missing. */
  String describe() {
    return current().keySet().stream()
        .map(missing -> "may not " + missing.what + ", " + missing.purpose)
        .sorted()
        .collect(Collectors.joining("; "))
        .transform(all -> all.isEmpty() ? "" : "the NATS user of the worker " + all);
  }

  private Map<Permission, Long> current() {
    long now = time.nanos();
    refused.values().removeIf(since -> now - since >= REFUSAL_TTL.toNanos());
    return refused;
  }

  /** Returns null for a permission that the worker does not need. */
  private @Nullable Permission toPublish(String subject) {
    if (AckSubject.matches(subject)) {
      return new Permission(
          "publish to " + new AckSubject(subject).ofWholeConsumer(), "to acknowledge");
    }
    if (subject.startsWith(API) && !subject.contains(BUCKET)) {
      String purpose = subject.startsWith(PULL) ? "to pull" : "to look at streams and the consumer";
      return new Permission("publish to " + subject, purpose);
    }
    String purpose = purposes.get(subject);
    return purpose == null ? null : new Permission("publish to " + subject, purpose);
  }

  private static String inbox(String subject) {
    return subject.startsWith("_") ? subject.split("\\.", 2)[0] + ".>" : subject;
  }

  /**
   * A permission that the worker needs.
   *
   * @param what the refused action and its subject
   * @param purpose what the worker needs it for
   */
  private record Permission(String what, String purpose) {}
}
