package io.beamline.worker.flagstore;

import io.beamline.worker.connection.CommandConnection;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.feature.FlagStore;
import io.beamline.worker.feature.FlagStoreException;
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
 * Keeps the flags' states in a bucket that the fleet shares. While NATS is away the last known
 * states hold and nothing can be changed. Without the bucket the configured ones hold. Thread-safe:
 * one thread at a time tells the listener, so that a change is told by whoever made it.
 */
final class FlagBucket implements FlagStore, SessionListener {

  private static final Logger log = LoggerFactory.getLogger(FlagBucket.class);
  private static final int FIRST_LOOKS = 3;
  private static final String AWAY = "NATS is away, so the flags stay as they are until it is back";
  private static final String UNREAD = "the bucket of the flags has not been read yet";
  private static final String MISSING =
      " is missing: make it, or let the worker make it with worker.nats.provision=true";

  private final Bucket bucket;
  private final Lock lock = new ReentrantLock();
  private volatile @Nullable NatsSession session;
  private volatile String trouble = UNREAD;
  private final WatchPause pause = new WatchPause();
  private volatile boolean everRead;
  private Listener listener = new DeafListener();
  private @Nullable BucketWatch watch;

  FlagBucket(Bucket bucket) {
    this.bucket = bucket;
  }

  @Override
  public void follow(Listener told) {
    listener = told;
  }

  @Override
  public String place() {
    return "bucket " + bucket.name();
  }

  @Override
  public String trouble() {
    return session == null ? AWAY : trouble;
  }

  @Override
  public void put(String flag, String text) throws FlagStoreException {
    write(flag, text);
  }

  @Override
  public void delete(String flag) throws FlagStoreException {
    write(flag, null);
  }

  /** Reads the bucket before the session serves anything else; if it never was, tries again. */
  @Override
  public void opened(NatsSession opened) {
    session = opened;
    trouble = UNREAD;
    look(true);
    for (int looks = 1; looks < FIRST_LOOKS && !everRead && session == opened; looks++) {
      look(true);
    }
  }

  @Override
  public void closed() {
    session = null;
  }

  /** Looks whether the bucket is there, the same as before, and known in full. */
  void look() {
    look(false);
  }

  private void look(boolean atOnce) {
    lock.lock();
    try {
      NatsSession current = session;
      if (current != null && (atOnce || !pause.leavesOut())) {
        lookAt(current);
      }
    } finally {
      lock.unlock();
    }
  }

  private void lookAt(NatsSession current) {
    try {
      follow(current);
      everRead = true;
    } catch (IOException e) {
      unusable(CommandConnection.describe(e));
    } catch (JetStreamApiException e) {
      unusable(CommandConnection.describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Also what the client throws once its connection is closed.
      unusable(String.valueOf(e.getMessage()));
    }
  }

  private void follow(NatsSession current)
      throws IOException, JetStreamApiException, InterruptedException {
    KeyValueStatus found = bucket.findOrMake(current);
    BucketWatch known = watch;
    if (found == null) {
      leave(current);
      listener.loaded(Map.of());
      say(
          "the key-value bucket " + bucket.name() + MISSING,
          "Feature flags are as configured: they have no bucket");
    } else if (known == null || !known.isOf(current)) {
      load(current, found);
    } else if (!known.watches(found) || known.isBehind(found)) {
      log.atWarn()
          .addKeyValue("bucket", bucket.name())
          .log("The bucket of the feature flags is not the one last known; it is read anew");
      leave(current);
      load(current, found);
    } else {
      trouble = "";
    }
  }

  private void load(NatsSession current, KeyValueStatus found)
      throws IOException, JetStreamApiException, InterruptedException {
    watch = null;
    pause.failed();
    BucketWatch fresh = BucketWatch.open(current, found, this::changed);
    pause.end();
    watch = fresh;
    Map<String, Stored> all = fresh.all();
    listener.loaded(all);
    trouble = "";
    log.atInfo()
        .addKeyValue("bucket", bucket.name())
        .addKeyValue("flags", all.values().stream().filter(each -> each.text() != null).count())
        .log("Feature flags follow the bucket");
  }

  /** A watch of an older session ended with it. */
  private void leave(NatsSession current) {
    BucketWatch known = watch;
    watch = null;
    if (known != null && known.isOf(current)) {
      known.close();
    }
  }

  private void unusable(String cause) {
    if (session != null) {
      say(cause, "The bucket of the feature flags cannot be used; the last known states hold");
    }
  }

  private void say(String cause, String message) {
    if (!trouble.equals(cause)) {
      trouble = cause;
      log.atWarn().addKeyValue("bucket", bucket.name()).addKeyValue("cause", cause).log(message);
    }
  }

  /**
   * With the lock held until all is told: the watch, which also hears of it, then has nothing new.
   */
  private void write(String flag, @Nullable String text) throws FlagStoreException {
    lock.lock();
    try {
      NatsSession current = session;
      BucketWatch known = watch;
      if (current == null || known == null || !known.isOf(current)) {
        throw new FlagStoreException(current == null ? AWAY : trouble);
      }
      known.note(flag, new Stored(text, bucket.write(current, flag, text)));
      tell(known, flag);
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
        tell(source, key);
      }
    } finally {
      lock.unlock();
    }
  }

  private void tell(BucketWatch source, String key) {
    Stored latest = source.latest(key);
    if (latest != null) {
      listener.changed(key, latest);
    }
  }
}
