package io.beamline.worker.flagstore;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.feature.FlagStore.Stored;
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
 * Mirrors one bucket as long as it is this one: a bucket that was made anew wants another watch.
 * Thread-safe.
 */
final class BucketWatch implements KeyValueWatcher {

  private static final Duration LOAD_LIMIT = Duration.ofSeconds(2);

  private final NatsSession session;
  private final Instant identity;
  private final Changes changes;
  private final Map<String, Stored> mirror = new HashMap<>();
  private final CountDownLatch complete = new CountDownLatch(1);
  private volatile @Nullable NatsKeyValueWatchSubscription subscription;
  private long lastRevision;
  private boolean wasBehind;

  private BucketWatch(NatsSession session, KeyValueStatus bucket, Changes changes) {
    this.session = session;
    this.identity = identity(bucket);
    this.changes = changes;
    // Its last value may be gone.
    this.lastRevision = bucket.getBackingStreamInfo().getStreamState().getLastSequence();
  }

  /**
   * Begins to watch, and waits until all that is there is known.
   *
   * @param changes told of each change after that
   * @throws IOException when it does not become known soon
   */
  static BucketWatch open(NatsSession session, KeyValueStatus bucket, Changes changes)
      throws IOException, JetStreamApiException, InterruptedException {
    BucketWatch watch = new BucketWatch(session, bucket, changes);
    watch.begin(bucket.getBucketName());
    if (!watch.complete.await(LOAD_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      watch.close();
      throw new IOException("the bucket did not tell its values in time");
    }
    return watch;
  }

  /** All that is there. */
  synchronized Map<String, Stored> all() {
    return Map.copyOf(mirror);
  }

  /** What is there for a key, null when nothing ever was. */
  synchronized @Nullable Stored latest(String key) {
    return mirror.get(key);
  }

  /** Takes note of a value, unless a later one is known. */
  synchronized void note(String key, Stored stored) {
    lastRevision = Math.max(lastRevision, stored.revision());
    mirror.merge(key, stored, (one, two) -> one.revision() > two.revision() ? one : two);
  }

  /** Whether it belongs to this session. */
  boolean isOf(NatsSession other) {
    return session == other;
  }

  /** Whether it is this bucket that the server has. */
  boolean watches(KeyValueStatus bucket) {
    return identity.equals(identity(bucket));
  }

  /**
   * Whether the server has had something else than is known here for two looks in a row: once may
   * be a change on its way.
   */
  synchronized boolean isBehind(KeyValueStatus bucket) {
    StreamState state = bucket.getBackingStreamInfo().getStreamState();
    boolean differs =
        state.getLastSequence() != lastRevision || state.getSubjectCount() != mirror.size();
    boolean behind = differs && wasBehind;
    wasBehind = differs;
    return behind;
  }

  /** Ends it. */
  void close() {
    NatsKeyValueWatchSubscription open = subscription;
    if (open != null) {
      open.unsubscribe();
    }
  }

  @Override
  public void watch(KeyValueEntry entry) {
    boolean there = entry.getOperation() == KeyValueOperation.PUT;
    note(entry.getKey(), new Stored(there ? entry.getValueAsString() : null, entry.getRevision()));
    if (complete.getCount() == 0) {
      changes.changed(this, entry.getKey());
    }
  }

  @Override
  public void endOfData() {
    complete.countDown();
  }

  private void begin(String name) throws IOException, JetStreamApiException, InterruptedException {
    subscription = session.connection().keyValue(name).watchAll(this);
  }

  private static Instant identity(KeyValueStatus bucket) {
    return bucket.getBackingStreamInfo().getCreateTime().toInstant();
  }

  /** Told of changes, on the watch's own thread. */
  interface Changes {

    /** A key has another value, or none any more. */
    void changed(BucketWatch watch, String key);
  }
}
