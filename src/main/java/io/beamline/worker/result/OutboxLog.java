package io.beamline.worker.result;

import io.beamline.worker.observability.logging.LogThrottle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log messages of the outbox, throttled. Safe for several threads. */
final class OutboxLog {

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private final LogThrottle throttle;

  OutboxLog(LogThrottle throttle) {
    this.throttle = throttle;
  }

  /** Logs that a message was replaced by a smaller one; sizes in bytes. */
  void shrunk(String subject, long size, long limit) {
    throttle.log(
        log.atWarn()
            .addKeyValue("subject", subject)
            .addKeyValue("size", size)
            .addKeyValue("max_size", limit),
        "A message is larger than the server takes now; it is published in a smaller form");
  }

  /**
   * Logs that a message is published again later.
   *
   * @param attempts the failures until now
   */
  void notPublished(String subject, int attempts, String cause) {
    throttle.log(
        log.atWarn()
            .addKeyValue("subject", subject)
            .addKeyValue("attempts", attempts)
            .addKeyValue("cause", cause),
        "A message could not be published; the worker tries again");
  }

  /** Logs that the follow-up of a confirmation failed. Never throws. */
  void followUpFailed(String subject, Throwable defect) {
    try {
      throttle.log(
          log.atError().addKeyValue("subject", subject).setCause(defect),
          "A message was confirmed, but its follow-up failed; an assignment that is not done goes"
              + " back to the server");
    } catch (RuntimeException | Error e) {
      // For lack of memory even a log line may fail, which must not harm other messages.
    }
  }
}
