package io.beamline.worker.result;

import io.beamline.worker.observability.logging.LogThrottle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log lines of the outbox, each kind thinned. Thread-safe. */
final class OutboxLog {

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private final LogThrottle throttle;

  OutboxLog(LogThrottle throttle) {
    this.throttle = throttle;
  }

  /** A message was replaced by a smaller one. */
  void smaller(String subject, long size, long limit) {
    throttle.log(
        log.atWarn()
            .addKeyValue("subject", subject)
            .addKeyValue("size", size)
            .addKeyValue("max_size", limit),
        "A message is larger than the server takes now; it is published in a smaller form");
  }

  /** A message is published again later. */
  void notPublished(String subject, int attempts, String cause) {
    throttle.log(
        log.atWarn()
            .addKeyValue("subject", subject)
            .addKeyValue("attempts", attempts)
            .addKeyValue("cause", cause),
        "A message could not be published yet");
  }

  /** What follows a confirmation failed. Never throws. */
  void notFollowed(String subject, Throwable defect) {
    try {
      throttle.log(
          log.atError().addKeyValue("subject", subject).setCause(defect),
          "The server has a message, but what follows failed; an assignment that is not done goes"
              + " back to the server");
    } catch (RuntimeException | Error e) {
      // Without memory even a log line may fail, which must not harm other messages.
    }
  }
}
