package io.beamline.worker.cancellation;

import io.beamline.worker.contract.CancelFault;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs messages that are no requests: once per minute, with their number. Used by one thread. */
final class MalformedRequests {

  private static final Logger log = LoggerFactory.getLogger(MalformedRequests.class);
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final TimeSource time;
  private @Nullable CancelFault last;
  private long count;
  private boolean logged;
  private long loggedNanos;

  MalformedRequests(TimeSource time) {
    this.time = time;
  }

  /** Records a message. */
  void add(CancelFault fault) {
    last = fault;
    count++;
    logIfDue();
  }

  /** Logs what was not logged yet, if a minute has passed. Called now and then. */
  void logIfDue() {
    CancelFault fault = last;
    long now = time.nanos();
    if (fault == null || (logged && now - loggedNanos < INTERVAL.toNanos())) {
      return;
    }
    log.atWarn()
        .addKeyValue("count", count)
        .addKeyValue("fault", fault.text())
        .log("Malformed cancellation requests were ignored");
    logged = true;
    loggedNanos = now;
    last = null;
    count = 0;
  }
}
