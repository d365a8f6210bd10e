package io.beamline.worker.suspect;

import io.beamline.worker.connection.BucketName;
import io.beamline.worker.connection.FailureDescription;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.result.Lease;
import io.beamline.worker.suspect.SuspectStart.NotRecorded;
import io.beamline.worker.suspect.SuspectStart.Recorded;
import io.beamline.worker.suspect.SuspectStart.TooMany;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in a bucket which suspects have started, so that a delivery counts only if it may have
 * been the death of a worker (contract section 6). The bucket is looked for, and created if the
 * worker may, when the first suspect of a session starts: without suspects this costs nothing. Safe
 * for several threads.
 */
public final class SuspectCounts implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(SuspectCounts.class);
  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMinutes(1);
  private static final Pattern NOT_IN_A_KEY = Pattern.compile("[^A-Za-z0-9_.-]");

  /** How often a count is read again because another worker has changed it. */
  private static final int READINGS = 3;

  private final String durable;
  private final boolean provision;
  private final WorkerMetrics metrics;
  private final LogThrottle throttle;
  private final TimeSource time;
  private volatile @Nullable NatsSession session;
  private volatile @Nullable Found lastFound;

  SuspectCounts(
      String durable,
      boolean provision,
      WorkerMetrics metrics,
      LogThrottle throttle,
      TimeSource time) {
    this.durable = durable;
    this.provision = provision;
    this.metrics = metrics;
    this.throttle = throttle;
    this.time = time;
  }

  /**
   * Records that a suspect starts. Waits for the server, as a rule for milliseconds; while it does
   * not answer, for some seconds.
   *
   * @param lease the lease of its delivery
   * @param most the number of recorded starts from which it must not start again
   */
  public SuspectStart start(Lease lease, long most) {
    SuspectStart start = attempt(lease, most);
    metrics.suspectStarted(start instanceof Recorded);
    return start;
  }

  @Override
  public void opened(NatsSession opened) {
    session = opened;
  }

  @Override
  public void closed() {
    session = null;
  }

  private SuspectStart attempt(Lease lease, long most) {
    NatsSession current = session;
    if (current == null) {
      return NotRecorded.UNREADABLE;
    }
    String message = lease.messageKey();
    if (message == null) {
      return NotRecorded.NO_BUCKET;
    }
    SuspectBucket bucket = new SuspectBucket(current, BucketName.of(current.stream(), "_SUSPECTS"));
    try {
      if (!find(bucket)) {
        return NotRecorded.NO_BUCKET;
      }
      return record(bucket, durable + "." + NOT_IN_A_KEY.matcher(message).replaceAll("-"), most);
    } catch (JetStreamApiException | IOException e) {
      return unreadable(bucket, FailureDescription.describe(e));
    } catch (IllegalStateException e) {
      // The client throws it when its connection is closed, or when nobody serves the bucket.
      return unreadable(bucket, String.valueOf(e.getMessage()));
    }
  }

  /** Returns whether there is a bucket. A missing one is looked for again after a minute. */
  private boolean find(SuspectBucket bucket) throws IOException, JetStreamApiException {
    Found known = lastFound;
    if (known != null && known.holds(bucket, time.nanos())) {
      return known.usable();
    }
    boolean usable = bucket.exists() || create(bucket);
    lastFound = new Found(bucket, usable, time.nanos());
    return usable;
  }

  /** Creates the bucket. Returns false if the worker must not, or the server refuses. */
  private boolean create(SuspectBucket bucket) throws IOException {
    if (!provision) {
      warn(bucket, "it is missing: make it, or set worker.nats.provision=true");
      return false;
    }
    try {
      bucket.create();
      return true;
    } catch (JetStreamApiException e) {
      warn(bucket, "it cannot be made: " + FailureDescription.describe(e));
      return false;
    }
  }

  private SuspectStart record(SuspectBucket bucket, String key, long most)
      throws IOException, JetStreamApiException {
    for (int reading = 0; reading < READINGS; reading++) {
      SuspectBucket.Count before = bucket.read(key);
      if (before.starts() >= most) {
        return new TooMany(before.starts());
      }
      SuspectBucket.Count now = bucket.write(key, before.starts() + 1, before);
      if (now != null) {
        return new RecordedStart(bucket.name(), key, before, now);
      }
    }
    return NotRecorded.UNREADABLE;
  }

  private SuspectStart unreadable(SuspectBucket bucket, String cause) {
    if (bucket.mayBeUsed()) {
      // It may have been deleted.
      lastFound = null;
      throttle.log(
          log.atWarn().addKeyValue("bucket", bucket.name()).addKeyValue("cause", cause),
          "The bucket for suspects cannot be read now");
      return NotRecorded.UNREADABLE;
    }
    lastFound = new Found(bucket, false, time.nanos());
    warn(bucket, "the NATS user of the worker may not use it");
    return NotRecorded.NO_BUCKET;
  }

  private void warn(SuspectBucket bucket, String cause) {
    throttle.log(
        log.atWarn().addKeyValue("bucket", bucket.name()).addKeyValue("cause", cause),
        "No bucket for suspects: every delivery counts towards worker.nats.max-deliver");
  }

  /** Whether a bucket was usable when the worker looked. */
  private record Found(SuspectBucket bucket, boolean usable, long sinceNanos) {

    boolean holds(SuspectBucket asked, long nowNanos) {
      return bucket.session() == asked.session()
          && (usable || nowNanos - sinceNanos < LOOK_AGAIN_AFTER.toNanos());
    }
  }

  /** A start that is in the bucket. Changes it in the present session. */
  private final class RecordedStart implements Recorded {

    private final String bucketName;
    private final String key;
    private final SuspectBucket.Count before;
    private final SuspectBucket.Count now;

    RecordedStart(
        String bucketName, String key, SuspectBucket.Count before, SuspectBucket.Count now) {
      this.bucketName = bucketName;
      this.key = key;
      this.before = before;
      this.now = now;
    }

    @Override
    public void takeBack() {
      send(bucket -> bucket.send(key, before.starts(), now));
    }

    @Override
    public void delete() {
      send(bucket -> bucket.sendDelete(key));
    }

    private void send(Consumer<SuspectBucket> change) {
      NatsSession current = session;
      if (current == null) {
        return;
      }
      try {
        change.accept(new SuspectBucket(current, bucketName));
      } catch (RuntimeException e) {
        log.atDebug().setCause(e).log("The count of a suspect could not be changed");
      }
    }
  }
}
