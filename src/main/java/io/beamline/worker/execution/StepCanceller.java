package io.beamline.worker.execution;

import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.contract.CancelStage;
import io.beamline.worker.timeout.TimeSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends steps on request, wherever they are (W3-3.1). A step that waits ends without another
 * attempt; the thread of a running attempt is interrupted. A step that has its end already keeps
 * it. Thread-safe.
 */
public final class StepCanceller {

  private final StepEnd end;
  private final TimeSource time;

  StepCanceller(StepEnd end, TimeSource time) {
    this.end = end;
    this.time = time;
  }

  /** Ends a step. Returns where it was, or null if it had ended before. */
  public @Nullable CancelStage cancel(Step step, CancelRequest request) {
    AtomicReference<@Nullable CancelStage> stage = new AtomicReference<>();
    boolean ended =
        end.end(
            step,
            state -> {
              CancelStage now = state.stage();
              stage.set(now);
              return now == null
                  ? null
                  : StepConclusion.cancelledOnRequest(step, state, now, request);
            },
            time.nanos());
    return ended ? stage.get() : null;
  }
}
