package io.beamline.worker.observability.metrics;

import io.beamline.worker.contract.CancelStage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The meters of cancellation (W3-3.4, contract section 10). Thread-safe. */
final class CancellationMeters {

  private final Map<CancelStage, Counter> cancelled = new EnumMap<>(CancelStage.class);
  private final Counter tooLate;
  private final Counter malformed;
  private final Timer duration;

  CancellationMeters(Meters meters) {
    for (CancelStage stage : CancelStage.values()) {
      cancelled.put(stage, counter(meters, stage.wireName()));
    }
    tooLate = counter(meters, "too_late");
    malformed = counter(meters, "malformed");
    duration =
        meters.timer("worker.cancellation", "From the receipt of a request to the end of a step");
  }

  void cancelled(CancelStage stage, Duration receiptToEnd) {
    Counter counter = cancelled.get(stage);
    if (counter != null) {
      counter.increment();
    }
    duration.record(receiptToEnd);
  }

  void tooLate() {
    tooLate.increment();
  }

  void malformed() {
    malformed.increment();
  }

  private static Counter counter(Meters meters, String stage) {
    return meters.counter(
        "worker.cancellations",
        "Steps cancelled on request, and requests without effect",
        "stage",
        stage);
  }
}
