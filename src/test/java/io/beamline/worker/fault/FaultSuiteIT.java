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

/**
 * Every fault, with each of its settings of the flags, under a steady load (contract sections 6 and
 * 7).
 */
@Tag("faults")
class FaultSuiteIT {

  /** Group after group; those of one group, which mostly wait, side by side. */
  private static final List<List<Fault>> ALL =
      List.of(
          List.of(new WorkerKilled(10)),
          List.of(
              new ServerAway(
                  List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(40))),
              new PoisonMessage(20),
              new LongStep(Duration.ofSeconds(60))),
          List.of(new StoreWiped(), new DeadListener()),
          List.of(new RollingRestart()),
          List.of(new NetworkCut(Duration.ofSeconds(12), Duration.ofSeconds(10), 5)),
          List.of(new DeadlyBlock(), new OversizedResult(), new DuplicateDelivery()),
          List.of(new MalformedFlood(20_000)),
          List.of(new DiskTrouble(Duration.ofSeconds(30))),
          List.of(new Overload(Duration.ofSeconds(60))),
          List.of(new ClockJump()),
          List.of(new LeaderKilled()),
          List.of(new DestinationDown(Duration.ofSeconds(5)), new CancelledInKill()),
          List.of(
              new DatabaseGone(Duration.ofSeconds(5)),
              new ServiceGone(Duration.ofSeconds(5)),
              new PluginMisbehaves()));

  private static final FaultTable TABLE = new FaultTable();

  /** All, or with {@code -Dfault=05} those whose title begins so. */
  static List<List<Fault>> wanted() {
    String only = System.getProperty("fault", "");
    return ALL.stream()
        .map(group -> group.stream().filter(fault -> fault.title().startsWith(only)).toList())
        .filter(group -> !group.isEmpty())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("wanted")
  void losesNothing(List<Fault> faults) {
    assertThat(TABLE.tryOut(faults)).allMatch(FaultRow::good);
  }

  /** A row that is missing is a row that failed. */
  @AfterAll
  static void everyFaultWasTried() throws IOException {
    TABLE.publish(Path.of("target", "faults.txt"));
    TABLE.assertComplete(wanted().stream().flatMap(List::stream).toList());
  }
}
