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

  /** Ends a step, which must then be published. Returns null if it had ended before. */
  public @Nullable CancelledStep cancel(Step step, CancelRequest request) {
    return cancel(step, request, true);
  }

  /**
   * Ends a step unless an attempt of it runs. It must then be published. Returns null if it runs,
   * or had ended before.
   */
  public @Nullable CancelledStep cancelUnlessRunning(Step step, CancelRequest request) {
    return cancel(step, request, false);
  }

  private @Nullable CancelledStep cancel(Step step, CancelRequest request, boolean alsoRunning) {
    AtomicReference<@Nullable CancelStage> stage = new AtomicReference<>();
    Runnable publication =
        end.endUnpublished(
            step,
            state -> {
              CancelStage now = state.stage();
              stage.set(now);
              return now == null || (now == CancelStage.RUNNING && !alsoRunning)
                  ? null
                  : StepConclusion.cancelledOnRequest(step, state, now, request);
            },
            time.nanos());
    CancelStage where = stage.get();
    if (publication == null || where == null) {
      return null;
    }
    try {
      return new CancelledStep(where, publication);
    } catch (RuntimeException | Error e) {
      // For lack of memory nobody else would do it.
      publication.run();
      throw e;
    }
  }
}
