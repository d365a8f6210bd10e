package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The permissions that the worker needs and the server has refused of late. A refusal counts for
 * {@link #REMEMBERED}: longer than the worker takes to try again. Thread-safe.
 */
final class MissingPermissions {

  static final Duration REMEMBERED = Duration.ofMinutes(1);

  private static final Pattern VIOLATION =
      Pattern.compile(
          "permissions violation for (publish|subscription) to \"?([^\"\\s]+)",
          Pattern.CASE_INSENSITIVE);

  private static final String PULL = "$JS.API.CONSUMER.MSG.NEXT.";
  private static final String API = "$JS.API.";
  private static final String ACKNOWLEDGE = "$JS.ACK.";

  /** Shared flags have a bucket of their own, and go on without it. */
  private static final String BUCKET = ".KV_";

  private static final int SHORT_FORM_WORDS = 9;
  private static final int WORDS_TO_CONSUMER = 4;
  private static final int WORDS_TO_CONSUMER_IN_LONG_FORM = 6;

  private final TimeSource time;
  private final Map<String, String> purposes;
  private final Map<Permission, Long> refused = new ConcurrentHashMap<>();

  /**
   * Nothing refused yet.
   *
   * @param purposes the subjects that the worker needs besides those of JetStream, each with what
   *     for
   */
  MissingPermissions(TimeSource time, Map<String, String> purposes) {
    this.time = time;
    this.purposes = Map.copyOf(purposes);
  }

  /** For a worker with these subjects. */
  static MissingPermissions of(TimeSource time, NatsDeliveryProperties.Subjects subjects) {
    return new MissingPermissions(
        time,
        Map.of(
            subjects.ack(), "to publish acks",
            subjects.result(), "to publish results",
            subjects.dlq(), "to publish dead letters"));
  }

  /** Takes an error that the server reported, of whatever kind. */
  void reported(String error) {
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

  /** Whether the worker may publish to a subject, as far as is known. */
  boolean mayPublish(String subject) {
    Permission permission = toPublish(subject);
    return permission == null || !current().containsKey(permission);
  }

  /** A sentence that names all that are missing, empty when none is. */
  String sentence() {
    return current().keySet().stream()
        .map(missing -> "may not " + missing.what + ", " + missing.purpose)
        .sorted()
        .collect(Collectors.joining("; "))
        .transform(all -> all.isEmpty() ? "" : "the NATS user of the worker " + all);
  }

  private Map<Permission, Long> current() {
    long now = time.nanos();
    refused.values().removeIf(since -> now - since >= REMEMBERED.toNanos());
    return refused;
  }

  /** Null for what the worker can do without. */
  private @Nullable Permission toPublish(String subject) {
    if (subject.startsWith(ACKNOWLEDGE)) {
      return new Permission("publish to " + consumer(subject), "to acknowledge");
    }
    if (subject.startsWith(API) && !subject.contains(BUCKET)) {
      String purpose = subject.startsWith(PULL) ? "to pull" : "to look at streams and the consumer";
      return new Permission("publish to " + subject, purpose);
    }
    String purpose = purposes.get(subject);
    return purpose == null ? null : new Permission("publish to " + subject, purpose);
  }

  /** The acknowledgements of a consumer, which are each on a subject of their own. */
  private static String consumer(String subject) {
    String[] words = subject.split("\\.", -1);
    return first(
        words,
        words.length > SHORT_FORM_WORDS ? WORDS_TO_CONSUMER_IN_LONG_FORM : WORDS_TO_CONSUMER);
  }

  private static String inbox(String subject) {
    return subject.startsWith("_") ? first(subject.split("\\.", -1), 1) : subject;
  }

  private static String first(String[] words, int count) {
    return Stream.of(words).limit(count).collect(Collectors.joining(".")) + ".>";
  }

  /** What is not permitted, and what the worker needs it for. */
  private record Permission(String what, String purpose) {}
}
