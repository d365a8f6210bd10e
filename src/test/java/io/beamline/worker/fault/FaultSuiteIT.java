package io.beamline.worker.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fault, with all flags off and on, under a steady load (contract sections 6 and 7). */
@Tag("faults")
class FaultSuiteIT {

  private static final List<Fault> ALL =
      List.of(
          new WorkerKilled(10),
          new ServerAway(
              List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(40))),
          new StoreWiped(),
          new RollingRestart(),
          new NetworkCut(Duration.ofSeconds(12), Duration.ofSeconds(10), 5),
          new DeadlyBlock(),
          new PoisonMessage(20),
          new MalformedFlood(20_000),
          new DiskTrouble(Duration.ofSeconds(30)),
          new Overload(Duration.ofSeconds(60)),
          new OversizedResult(),
          new DuplicateDelivery(),
          new LongStep(Duration.ofSeconds(60)),
          new DeadListener(),
          new ClockJump());

  private static final FaultTable TABLE = new FaultTable();

  /** All, or with {@code -Dfault=05} those whose title begins so. */
  static List<Fault> wanted() {
    String only = System.getProperty("fault", "");
    return ALL.stream().filter(fault -> fault.title().startsWith(only)).toList();
  }

  @ParameterizedTest
  @MethodSource("wanted")
  void losesNothing(Fault fault) {
    assertThat(TABLE.tryOut(fault)).allMatch(FaultRow::good);
  }

  /** A row that is missing is a row that failed. */
  @AfterAll
  static void everyFaultWasTried() throws IOException {
    TABLE.publish(Path.of("target", "faults.txt"));
    TABLE.assertComplete(wanted());
  }
}
