package io.beamline.worker.destination.control;

import io.beamline.worker.destination.BreakerState;
import io.beamline.worker.destination.DestinationObserver;
import io.beamline.worker.destination.DestinationView;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Counts and logs the changes of circuit breakers (contract sections 10 and 11). Thread-safe. */
final class BreakerReports implements DestinationObserver {

  private static final Logger log = LoggerFactory.getLogger(BreakerReports.class);

  private final WorkerMetrics metrics;
  private final LogThrottle throttle;

  BreakerReports(WorkerMetrics metrics, LogThrottle throttle) {
    this.metrics = metrics;
    this.throttle = throttle;
  }

  @Override
  public void changed(DestinationView view, BreakerState from, boolean forced) {
    metrics.circuitChanged(view.state());
    Level level = view.state() == BreakerState.OPEN ? Level.WARN : Level.INFO;
    throttle.log(
        log.atLevel(level)
            .addKeyValue("destination", view.name())
            .addKeyValue("from", from.wireName())
            .addKeyValue("forced", forced)
            .addKeyValue("attempts", view.attempts())
            .addKeyValue("failure_rate", Math.round(view.failureRate()))
            .addKeyValue("parked", view.parked()),
        message(view.state()));
  }

  /** Each has a message of its own, so that none keeps the others out of the log. */
  private static String message(BreakerState state) {
    return switch (state) {
      case OPEN -> "Circuit breaker opened";
      case HALF_OPEN -> "Circuit breaker tries its destination";
      case CLOSED -> "Circuit breaker closed";
    };
  }
}
