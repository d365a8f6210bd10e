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
 * Whether the intake is paused; a worker starts unpaused. A pause that is over ends when somebody
 * looks, and the intake looks all the time. Thread-safe, never blocks.
 */
final class IntakePause implements IntakeView {

  private static final Logger log = LoggerFactory.getLogger(IntakePause.class);

  private final AtomicReference<@Nullable Pause> state = new AtomicReference<>();
  private final TimeSource time;

  IntakePause(TimeSource time) {
    this.time = time;
  }

  /** Begins a pause, or takes the place of the one that is. */
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

  /** The pause, null while there is none. */
  @Nullable Pause current() {
    Pause pause = state.get();
    if (pause == null || !pause.end().passed(time.nanos())) {
      return pause;
    }
    // Somebody may have begun another one just now, which then stands.
    if (state.compareAndSet(pause, null)) {
      log.atInfo().addKeyValue("reason", "its time was up").log("Intake resumed");
    }
    return state.get();
  }

  /** Whether no assignments are to be taken now. */
  boolean isOn() {
    return current() != null;
  }

  @Override
  public WorkerHeartbeat.@Nullable Pause pause() {
    Pause pause = current();
    return pause == null ? null : new WorkerHeartbeat.Pause(pause.until());
  }
}
