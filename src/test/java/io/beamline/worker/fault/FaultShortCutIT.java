package io.beamline.worker.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link FaultSuiteIT} does at length, once and quickly, on one site with every flag on. */
class FaultShortCutIT {

  @Test
  void losesNothing() {
    Fault shortCut =
        new InTurn(
            "short cut",
            List.of(
                new WorkerKilled(1),
                new ServerAway(List.of(Duration.ofSeconds(1))),
                new NetworkCut(Duration.ZERO, Duration.ofSeconds(2), 1),
                new DeadlyBlock(),
                new MalformedFlood(1_000),
                new OversizedResult(),
                new DuplicateDelivery()));

    assertThat(new FaultTable().tryOut(shortCut, Flags.ON)).matches(FaultRow::good);
  }
}
