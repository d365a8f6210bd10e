package io.beamline.worker.suspect;

import io.beamline.worker.connection.BucketName;
import io.beamline.worker.connection.FailureDescription;
import io.beamline.worker.connection.JetStreamErrors;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.SuspectOutcome;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Lease;
import io.beamline.worker.retry.RedeliveryPause;
import io.beamline.worker.suspect.SuspectStart.NotRecorded;
import io.beamline.worker.suspect.SuspectStart.Recorded;
import io.beamline.worker.suspect.SuspectStart.TooMany;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in a bucket which suspects have started, so that a delivery counts only if it may have
 * been the death of a worker (contract section 6). The bucket is looked for, and created if the
 * worker may, when a suspect starts: without suspects this costs nothing. One that was found is not
 * looked for again in the session. Safe for several threads.
 */
public final class SuspectCounts implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(SuspectCounts.class);
  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMinutes(1);

  private static final Pattern NOT_IN_A_KEY = Pattern.compile("[^A-Za-z0-9_.-]");

  private static final Duration READ_AGAIN_AFTER = Duration.ofSeconds(5);

  /** How often a count is read at most, if other workers change it meanwhile. */
  private static final int READINGS = 5;

  /** Between two readings. A replica of the bucket may be so far behind. */
  private static final Duration READING_PAUSE = Duration.ofMillis(20);

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
   * @param allowed how many starts may be recorded in all, the new one included; if so many are
   *     recorded already, it must not start
   */
  public SuspectStart start(Lease lease, long allowed) {
    SuspectStart start = attempt(lease, allowed);
    metrics.suspectStarts(
        switch (start) {
          case Recorded recorded -> SuspectOutcome.RECORDED;
          case TooMany tooMany -> SuspectOutcome.REFUSED;
          case NotRecorded why -> SuspectOutcome.UNRECORDED;
        });
    return start;
  }

  /**
   * Deletes the record of a suspect, because the server has stored its result. Does nothing if this
   * worker has not used the bucket in the present session; then the record expires. Never throws
   * and never waits.
   */
  void settled(Delivery delivery) {
    Lease lease = delivery.lease();
    Found known = lastFound;
    if (delivery.count() >= RedeliveryPause.FIRST_SUSPECT
        && lease != null
        && known != null
        && known.problem() == null
        && known.bucket().session() == session) {
      String key = key(lease);
      if (key != null) {
        orIgnore(() -> known.bucket().sendDelete(key));
      }
    }
  }

  @Override
  public void opened(NatsSession opened) {
    session = opened;
  }

  @Override
  public void closed() {
    session = null;
  }

  private SuspectStart attempt(Lease lease, long allowed) {
    NatsSession current = session;
    if (current == null) {
      return NotRecorded.UNREADABLE;
    }
    String key = key(lease);
    if (key == null) {
      return NotRecorded.NO_BUCKET;
    }
    SuspectBucket bucket = new SuspectBucket(current, BucketName.of(current.stream(), "_SUSPECTS"));
    try {
      NotRecorded problem = find(bucket);
      return problem == null ? record(bucket, key, allowed) : problem;
    } catch (JetStreamApiException | IOException e) {
      return unusable(bucket, FailureDescription.describe(e));
    } catch (IllegalStateException e) {
      // The client throws it when its connection is closed, or when nobody serves the bucket.
      return unusable(bucket, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NotRecorded.UNREADABLE;
    }
  }

  /** Returns null if there is a bucket, else why not. What was found is believed for a while. */
  private @Nullable NotRecorded find(SuspectBucket bucket)
      throws IOException, JetStreamApiException {
    Found known = lastFound;
    if (known != null && known.holds(bucket, time.nanos())) {
      return known.problem();
    }
    NotRecorded problem = bucket.exists() || create(bucket) ? null : NotRecorded.NO_BUCKET;
    lastFound = new Found(bucket, problem, time.nanos());
    return problem;
  }

  /** Creates the bucket. Returns false if the worker must not, or the server refuses. */
  private boolean create(SuspectBucket bucket) throws IOException, JetStreamApiException {
    if (!provision) {
      warn(bucket, "it is missing: make it, or set worker.nats.provision=true");
      return false;
    }
    try {
      bucket.create();
      return true;
    } catch (JetStreamApiException e) {
      if (JetStreamErrors.isServerError(e)) {
        throw e;
      }
      warn(bucket, "it cannot be made: " + FailureDescription.describe(e));
      return false;
    }
  }

  private SuspectStart record(SuspectBucket bucket, String key, long allowed)
      throws IOException, JetStreamApiException, InterruptedException {
    for (int reading = 0; reading < READINGS; reading++) {
      if (reading > 0) {
        time.sleep(READING_PAUSE);
      }
      SuspectBucket.Count before = bucket.read(key);
      boolean tooMany = before.starts() >= allowed;
      // Also written when there are too many: the server then says whether that is still so.
      long starts = tooMany ? before.starts() : before.starts() + 1;
      SuspectBucket.Count now = bucket.write(key, starts, before);
      if (now != null) {
        return tooMany ? new TooMany(starts) : new RecordedStart(bucket.name(), key, before, now);
      }
    }
    return NotRecorded.UNREADABLE;
  }

  private @Nullable String key(Lease lease) {
    String message = lease.messageKey();
    return message == null ? null : durable + "." + NOT_IN_A_KEY.matcher(message).replaceAll("-");
  }

  private NotRecorded unusable(SuspectBucket bucket, String cause) {
    NotRecorded problem = bucket.mayBeUsed() ? NotRecorded.UNREADABLE : NotRecorded.NO_BUCKET;
    // Not asked again at once: each suspect would wait for the server's answer in its slot.
    lastFound = new Found(bucket, problem, time.nanos());
    if (problem == NotRecorded.UNREADABLE) {
      throttle.log(
          log.atWarn().addKeyValue("bucket", bucket.name()).addKeyValue("cause", cause),
          "The bucket for suspects cannot be used now");
    } else {
      warn(bucket, "the NATS user of the worker may not use it");
    }
    return problem;
  }

  private void warn(SuspectBucket bucket, String cause) {
    throttle.log(
        log.atWarn().addKeyValue("bucket", bucket.name()).addKeyValue("cause", cause),
        "No bucket for suspects: every delivery counts towards worker.nats.max-deliver");
  }

  private static void orIgnore(Runnable send) {
    try {
      send.run();
    } catch (RuntimeException e) {
      log.atDebug().setCause(e).log("The count of a suspect could not be changed");
    }
  }

  /**
   * What the worker has found when it looked for the bucket.
   *
   * @param problem why the bucket could not be used, null if it could
   */
  private record Found(SuspectBucket bucket, @Nullable NotRecorded problem, long sinceNanos) {

    boolean holds(SuspectBucket asked, long nowNanos) {
      return bucket.session() == asked.session()
          && (problem == null || nowNanos - sinceNanos < believed(problem).toNanos());
    }

    private static Duration believed(NotRecorded problem) {
      return problem == NotRecorded.NO_BUCKET ? LOOK_AGAIN_AFTER : READ_AGAIN_AFTER;
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
      NatsSession current = session;
      if (current != null) {
        orIgnore(() -> new SuspectBucket(current, bucketName).send(key, before.starts(), now));
      }
    }
  }
}
