package io.beamline.worker.flagstore;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.feature.FlagStore;
import io.beamline.worker.feature.FlagStoreException;
import io.beamline.worker.feature.FlagStoreListener;
import io.beamline.worker.feature.FlagStoreListeners;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.KeyValueStatus;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the states of flags, and others, in a bucket that the fleet shares. While NATS is away, the
 * last known states apply and no flag can be changed. Without a bucket the configured states apply.
 *
 * <p>A timer polls, threads of the NATS client deliver changes, and the server's threads change
 * flags. Thread-safe: one lock guards the watch and all calls of the listeners. So the thread that
 * changes a flag also notifies the listeners.
 */
final class SharedFlagStore implements FlagStore, SessionListener {

  private static final Logger log = LoggerFactory.getLogger(SharedFlagStore.class);
  private static final int FIRST_POLLS = 3;
  private static final String NATS_AWAY =
      "NATS is away, so the flags stay as they are until it is back";
  private static final String NOT_READ = "the bucket of the flags has not been read yet";
  private static final String MISSING =
      " is missing: make it, or let the worker make it with worker.nats.provision=true";

  private final Bucket bucket;
  private final Lock lock = new ReentrantLock();
  private volatile @Nullable NatsSession session;
  private volatile String failure = NOT_READ;
  private final WatchBackoff backoff = new WatchBackoff();
  private volatile boolean everRead;
  private final FlagStoreListeners listeners = new FlagStoreListeners();
  private @Nullable BucketWatch watch;

  SharedFlagStore(Bucket bucket) {
    this.bucket = bucket;
  }

  @Override
  public void addListener(FlagStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public String source() {
    return "bucket " + bucket.name();
  }

  @Override
  public String failure() {
    return session == null ? NATS_AWAY : failure;
  }

  @Override
  public void put(String flag, String text) throws FlagStoreException {
    write(flag, text);
  }

  @Override
  public void delete(String flag) throws FlagStoreException {
    write(flag, null);
  }

  /** Reads the bucket before any other listener gets the session; up to three attempts at start. */
  @Override
  public void opened(NatsSession opened) {
    session = opened;
    failure = NOT_READ;
    poll(true);
    for (int polls = 1; polls < FIRST_POLLS && !everRead && session == opened; polls++) {
      poll(true);
    }
  }

  @Override
  public void closed() {
    session = null;
  }

  /** Checks the bucket, and reads it again if it was replaced or its copy is not complete. */
  void poll() {
    poll(false);
  }

  private void poll(boolean atOnce) {
    lock.lock();
    try {
      NatsSession current = session;
      if (current != null && (atOnce || !backoff.skips())) {
        pollBucket(current);
      }
    } finally {
      lock.unlock();
    }
  }

  private void pollBucket(NatsSession current) {
    try {
      follow(current);
      everRead = true;
    } catch (IOException | JetStreamApiException e) {
      logUnusable(current.jetStream().describeFailure(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // The client throws IllegalStateException once its connection is closed.
      logUnusable(String.valueOf(e.getMessage()));
    }
  }

  private void follow(NatsSession current)
      throws IOException, JetStreamApiException, InterruptedException {
    KeyValueStatus found = bucket.findOrCreate(current);
    BucketWatch known = watch;
    if (found == null) {
      closeWatch(current);
      listeners.loaded(Map.of());
      recordFailure(
          "the key-value bucket " + bucket.name() + MISSING,
          "Bucket of feature flags is missing; their configured states apply");
    } else if (known == null || !known.belongsTo(current)) {
      load(current, found);
    } else if (!known.isSameBucket(found) || known.isBehind(found)) {
      log.atWarn()
          .addKeyValue("bucket", bucket.name())
          .log(
              "Bucket of feature flags was replaced or its copy is not complete; it is read again");
      closeWatch(current);
      load(current, found);
    } else {
      failure = "";
    }
  }

  private void load(NatsSession current, KeyValueStatus found)
      throws IOException, JetStreamApiException, InterruptedException {
    watch = null;
    backoff.failed();
    BucketWatch fresh = BucketWatch.open(current, found, this::changed);
    backoff.succeeded();
    watch = fresh;
    Map<String, StoredFlag> all = fresh.all();
    listeners.loaded(all);
    failure = "";
    log.atInfo()
        .addKeyValue("bucket", bucket.name())
        .addKeyValue("flags", all.values().stream().filter(each -> each.text() != null).count())
        .log("States of feature flags read from the bucket");
  }

  /** Closes the watch if it belongs to this session; an older one ended with its session. */
  private void closeWatch(NatsSession current) {
    BucketWatch known = watch;
    watch = null;
    if (known != null && known.belongsTo(current)) {
      known.close();
    }
  }

  private void logUnusable(String cause) {
    if (session != null) {
      recordFailure(cause, "Bucket of feature flags cannot be used; the last known states apply");
    }
  }

  private void recordFailure(String cause, String message) {
    if (!failure.equals(cause)) {
      failure = cause;
      log.atWarn().addKeyValue("bucket", bucket.name()).addKeyValue("cause", cause).log(message);
    }
  }

  /**
   * Holds the lock until the listeners are notified, so that the watch's own event changes nothing.
   */
  private void write(String flag, @Nullable String text) throws FlagStoreException {
    lock.lock();
    try {
      NatsSession current = session;
      BucketWatch known = watch;
      if (current == null || known == null || !known.belongsTo(current)) {
        throw new FlagStoreException(current == null ? NATS_AWAY : failure);
      }
      known.record(flag, new StoredFlag(text, bucket.write(current, flag, text)));
      notifyListeners(known, flag);
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      throw new FlagStoreException(
          "NATS did not confirm the change: look at the flag again before you repeat it", e);
    } finally {
      lock.unlock();
    }
  }

  private void changed(BucketWatch source, String key) {
    lock.lock();
    try {
      if (source == watch) {
        notifyListeners(source, key);
      }
    } finally {
      lock.unlock();
    }
  }

  private void notifyListeners(BucketWatch source, String key) {
    StoredFlag latest = source.latest(key);
    if (latest != null) {
      listeners.changed(key, latest);
    }
  }
}
