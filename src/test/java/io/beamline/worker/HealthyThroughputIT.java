package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.HealthySteps;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Healthy steps keep at least 90 % of their throughput while 30 % of all steps wait out long
 * backoffs (W3-1). Rounds with and without steps that wait take turns on one worker.
 */
@Tag("long")
class HealthyThroughputIT {

  private static final int HEALTHY = 1_200;
  private static final int PAIRS = 5;

  @Test
  void isKeptWhileOthersWaitForTheirRetries() {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker =
            WorkerProcess.of(nats.url())
                .jvm("-XX:TieredStopAtLevel=4")
                .env("CP2_ADVANCED_RETRY_ENABLED", "true")
                .start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        HealthySteps steps = new HealthySteps(worker, router, HEALTHY)) {
      List<Double> ratios = ratios(steps);

      double median = ratios.get(PAIRS / 2);
      System.out.printf(
          "Healthy throughput beside waiting steps: %.3f of that without, %.3f to %.3f in %d"
              + " rounds%n",
          median, ratios.getFirst(), ratios.getLast(), PAIRS);
      assertThat(median).isGreaterThanOrEqualTo(0.90);
      router.assertClean();
    }
  }

  /** Throughput with steps that wait ÷ throughput without, of each pair of rounds, sorted. */
  private static List<Double> ratios(HealthySteps steps) {
    steps.warmUp();
    List<Double> ratios = new ArrayList<>();
    for (int pair = 0; pair < PAIRS; pair++) {
      double first = pair % 2 == 0 ? steps.alone() : steps.besideWaiting();
      double second = pair % 2 == 0 ? steps.besideWaiting() : steps.alone();
      ratios.add(pair % 2 == 0 ? second / first : first / second);
    }
    return ratios.stream().sorted().toList();
  }
}
