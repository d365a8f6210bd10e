package io.beamline.worker.flagstore;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.feature.FlagStore.StoredFlag;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueOperation;
import io.nats.client.api.KeyValueStatus;
import io.nats.client.api.KeyValueWatcher;
import io.nats.client.api.StreamState;
import io.nats.client.impl.NatsKeyValueWatchSubscription;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a copy of one bucket's values. If the bucket is deleted and created again, it needs a new
 * watch. A thread of the NATS client adds values while others read. Thread-safe: a lock guards the
 * copy.
 */
final class BucketWatch implements KeyValueWatcher {

  private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(2);

  private final NatsSession session;
  private final Instant identity;
  private final ChangeListener listener;
  private final Map<String, StoredFlag> copy = new HashMap<>();
  private final CountDownLatch complete = new CountDownLatch(1);
  private volatile @Nullable NatsKeyValueWatchSubscription subscription;
  private long lastRevision;
  private boolean differedBefore;

  private BucketWatch(NatsSession session, KeyValueStatus bucket, ChangeListener listener) {
    this.session = session;
    this.identity = identity(bucket);
    this.listener = listener;
    // The message with the last sequence may be deleted, so that the watch never delivers it.
    this.lastRevision = bucket.getBackingStreamInfo().getStreamState().getLastSequence();
  }

  /**
   * Starts a watch and waits until it has all values, at most two seconds.
   *
   * @param listener called for each later change
   * @throws IOException when the values do not arrive in time, or NATS fails
   */
  static BucketWatch open(NatsSession session, KeyValueStatus bucket, ChangeListener listener)
      throws IOException, JetStreamApiException, InterruptedException {
    BucketWatch watch = new BucketWatch(session, bucket, listener);
    watch.begin(bucket.getBucketName());
    if (!watch.complete.await(LOAD_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
      watch.close();
      throw new IOException("the bucket did not deliver its values in time");
    }
    return watch;
  }

  /** Returns all values by key. */
  synchronized Map<String, StoredFlag> all() {
    return Map.copyOf(copy);
  }

  /** Returns the value of a key, or null if the key has never had one. */
  synchronized @Nullable StoredFlag latest(String key) {
    return copy.get(key);
  }

  /** Adds a value to the copy, unless it has a later one. */
  synchronized void record(String key, StoredFlag stored) {
    lastRevision = Math.max(lastRevision, stored.revision());
    copy.merge(key, stored, (one, two) -> one.revision() > two.revision() ? one : two);
  }

  /** Returns whether this watch belongs to a session. */
  boolean belongsTo(NatsSession other) {
    return session == other;
  }

  /** Returns whether the server's bucket is the watched one, and not one created later. */
  boolean isSameBucket(KeyValueStatus bucket) {
    return identity.equals(identity(bucket));
  }

  /**
   * Returns whether the copy has differed from the bucket at this poll and at the one before. Once
   * may be a change that has not arrived yet.
   */
  synchronized boolean isBehind(KeyValueStatus bucket) {
    StreamState state = bucket.getBackingStreamInfo().getStreamState();
    boolean differs =
        state.getLastSequence() != lastRevision || state.getSubjectCount() != copy.size();
    boolean behind = differs && differedBefore;
    differedBefore = differs;
    return behind;
  }

  /** Ends the watch. */
  void close() {
    NatsKeyValueWatchSubscription open = subscription;
    if (open != null) {
      open.unsubscribe();
    }
  }

  @Override
  public void watch(KeyValueEntry entry) {
    boolean isPut = entry.getOperation() == KeyValueOperation.PUT;
    record(
        entry.getKey(),
        new StoredFlag(isPut ? entry.getValueAsString() : null, entry.getRevision()));
    if (complete.getCount() == 0) {
      listener.changed(this, entry.getKey());
    }
  }

  @Override
  public void endOfData() {
    complete.countDown();
  }

  private void begin(String name) throws IOException, JetStreamApiException, InterruptedException {
    subscription = session.jetStream().bucket(name).watchAll(this);
  }

  private static Instant identity(KeyValueStatus bucket) {
    return bucket.getBackingStreamInfo().getCreateTime().toInstant();
  }

  /** Receives changes, on a thread of the NATS client. */
  interface ChangeListener {

    /** Called when a key's value was changed or deleted. */
    void changed(BucketWatch watch, String key);
  }
}
