package io.beamline.worker.connection;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueManagement;
import io.nats.client.KeyValueOptions;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JetStream that the worker uses over a connection: the one of the server, or the one of
 * another domain, such as that of the hub behind a leaf node. Only this class knows how the
 * subjects of a domain begin. Immutable.
 *
 * @param connection the connection to a server
 * @param domain the domain ({@code worker.nats.jetstream-domain}); empty for the JetStream that the
 *     server answers for without a domain
 */
public record JetStreamApi(Connection connection, String domain) {

  private static final String DEFAULT_PREFIX = "$JS.API.";

  /** The beginning of a request, with or without a domain, as a regular expression. */
  static final String ANY_PREFIX = "\\$JS\\.(?:[^.]+\\.)?API\\.";

  private static final Pattern REQUEST = Pattern.compile(ANY_PREFIX + "(.+)");

  /**
   * Waits until the server has read all that was sent before.
   *
   * @throws IOException if it does not answer within a time
   */
  public void flush(Duration within) throws IOException, InterruptedException {
    try {
      connection.flush(within);
    } catch (TimeoutException e) {
      throw new IOException("the server does not answer", e);
    }
  }

  /** Returns access to messages: publishing and subscribing. */
  public JetStream messages() throws IOException {
    return connection.jetStream(options());
  }

  /** Returns access to streams and consumers. */
  public JetStreamManagement management() throws IOException {
    return connection.jetStreamManagement(options());
  }

  /** Returns access to the buckets as a whole. */
  public KeyValueManagement bucketManagement() throws IOException {
    return connection.keyValueManagement(bucketOptions());
  }

  /** Returns the status of a bucket, or null if there is no such bucket. */
  public @Nullable KeyValueStatus findBucket(String name)
      throws IOException, JetStreamApiException {
    try {
      return bucketManagement().getStatus(name);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == JetStreamErrors.STREAM_NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  /**
   * Creates a bucket.
   *
   * @return its status, or null if somebody else has created it at the same moment
   */
  public @Nullable KeyValueStatus createBucket(KeyValueConfiguration bucket)
      throws IOException, JetStreamApiException {
    try {
      return bucketManagement().create(bucket);
    } catch (JetStreamApiException e) {
      if (findBucket(bucket.getBucketName()) == null) {
        throw e;
      }
      return null;
    }
  }

  /** Returns how many servers keep a stream. */
  public int replicas(String stream) throws IOException, JetStreamApiException {
    return management().getStreamInfo(stream).getConfiguration().getReplicas();
  }

  /** Returns access to the entries of a bucket. */
  public KeyValue bucket(String name) throws IOException {
    return connection.keyValue(name, bucketOptions());
  }

  /**
   * Returns the subject of a request.
   *
   * @param request such as {@code CONSUMER.MSG.NEXT.stream.consumer}
   */
  public String subject(String request) {
    return domain.isEmpty() ? DEFAULT_PREFIX + request : "$JS." + domain + ".API." + request;
  }

  /**
   * Returns the subject to which an entry of a bucket is written. Servers do not let subjects that
   * begin with {@code $KV} pass from one domain to another, so a domain has a prefix here too.
   */
  public String entrySubject(String bucket, String key) {
    String entry = "$KV." + bucket + "." + key;
    return domain.isEmpty() ? entry : subject(entry);
  }

  /**
   * Returns whether a confirmation may be from a stream of this domain. A stream of another domain
   * may hold the same subject, and confirm the message too. Always true without a domain, because
   * then it is not checked.
   *
   * @param confirmingDomain the domain that the confirmation names; null for none
   */
  public boolean isConfirmedBy(@Nullable String confirmingDomain) {
    return domain.isEmpty() || domain.equals(confirmingDomain);
  }

  /** Returns a sentence that says why a message was confirmed by a stream of another domain. */
  public String describeForeignStream(String subject) {
    return "a stream outside of the JetStream domain "
        + domain
        + " holds the subject "
        + subject
        + " too: remove the subject from it";
  }

  /** Returns a sentence that says why a request of this JetStream failed. */
  public String describeFailure(Exception failure) {
    return !domain.isEmpty() && FailureDescription.isUnanswered(failure)
        ? "the JetStream domain "
            + domain
            + " (worker.nats.jetstream-domain) does not answer: no server has this domain, or the"
            + " link to it is down"
        : FailureDescription.describe(failure);
  }

  /**
   * Returns what follows the prefix of a request in whatever domain: a request such as {@code
   * STREAM.NAMES}, or with a domain also the subject of an entry. Null without such a prefix.
   */
  static @Nullable String request(String subject) {
    Matcher request = REQUEST.matcher(subject);
    return request.matches() ? request.group(1) : null;
  }

  private JetStreamOptions options() {
    return domain.isEmpty()
        ? JetStreamOptions.defaultOptions()
        : JetStreamOptions.builder().domain(domain).build();
  }

  private KeyValueOptions bucketOptions() {
    return KeyValueOptions.builder().jetStreamOptions(options()).build();
  }
}
