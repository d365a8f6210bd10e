package io.beamline.worker.intake;

import io.beamline.worker.contract.WorkerHeartbeat;
import io.beamline.worker.result.IntakeView;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the pause of the intake; a worker starts without one. An expired pause ends at the next
 * check, and the intake checks all the time. Thread-safe by an atomic reference; never blocks.
 */
final class IntakePause implements IntakeView {

  private static final Logger log = LoggerFactory.getLogger(IntakePause.class);

  private final AtomicReference<@Nullable Pause> state = new AtomicReference<>();
  private final TimeSource time;

  IntakePause(TimeSource time) {
    this.time = time;
  }

  /** Begins a pause, or replaces the present one. */
  void begin(PauseOrder.Stop order, String by) {
    Deadline end =
        order.length() == null ? Deadline.never() : Deadline.after(time.nanos(), order.length());
    state.set(new Pause(order.until(), end, by));
    log.atInfo().addKeyValue("until", order.until()).addKeyValue("by", by).log("Intake paused");
  }

  /** Ends the pause, if there is one. */
  void end(String by) {
    if (current() != null && state.getAndSet(null) != null) {
      log.atInfo().addKeyValue("by", by).log("Intake resumed");
    }
  }

  /** Returns the pause, or null if there is none. */
  @Nullable Pause current() {
    Pause pause = state.get();
    if (pause == null || !pause.end().passed(time.nanos())) {
      return pause;
    }
    // Another thread may have begun a new pause just now, which stays.
    if (state.compareAndSet(pause, null)) {
      log.atInfo().addKeyValue("reason", "its time was up").log("Intake resumed");
    }
    return state.get();
  }

  /** Returns whether the intake must take no assignments now. */
  boolean isOn() {
    return current() != null;
  }

  @Override
  public WorkerHeartbeat.@Nullable HeartbeatPause pause() {
    Pause pause = current();
    return pause == null ? null : new WorkerHeartbeat.HeartbeatPause(pause.until());
  }
}
