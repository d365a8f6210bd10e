package io.beamline.worker.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Tries faults with each of their settings of the flags, and keeps a row of each try. Thread-safe.
 */
final class FaultTable {

  private static final Comparator<FaultRow> ORDER =
      Comparator.comparing(FaultRow::title).thenComparing(FaultRow::flags);

  private final Collection<FaultRow> rows = new ConcurrentSkipListSet<>(ORDER);

  /** Tries faults with all their settings side by side, each on a site of its own. */
  List<FaultRow> tryOut(List<Fault> faults) {
    List<CompletableFuture<FaultRow>> tries =
        faults.stream()
            .flatMap(fault -> fault.settings().stream().map(flags -> begin(fault, flags)))
            .toList();
    return tries.stream().map(CompletableFuture::join).toList();
  }

  /** Tries a fault with one setting. */
  FaultRow tryOut(Fault fault, Flags flags) {
    FaultRow row = row(fault, flags);
    rows.add(row);
    System.out.println(row);
    return row;
  }

  private CompletableFuture<FaultRow> begin(Fault fault, Flags flags) {
    return CompletableFuture.supplyAsync(
        () -> tryOut(fault, flags), task -> Thread.ofPlatform().start(task));
  }

  /** Writes the table, and prints it. */
  void publish(Path file) throws IOException {
    String table =
        Stream.concat(Stream.of(FaultRow.header()), rows.stream().map(FaultRow::toString))
            .collect(Collectors.joining("\n", "", "\n"));
    Files.createDirectories(file.getParent());
    Files.writeString(file, table);
    System.out.println("\n" + table);
  }

  /** Fails unless every one of these faults has a good row for each of its settings. */
  void assertComplete(List<Fault> faults) {
    List<String> wanted =
        faults.stream()
            .flatMap(fault -> fault.settings().stream().map(flags -> fault.title() + flags))
            .toList();
    assertThat(rows.stream().filter(FaultRow::good).map(row -> row.title() + row.flags()))
        .containsExactlyInAnyOrderElementsOf(wanted);
  }

  /** What does not settle is counted all the same. */
  private static void settle(Site site, Fault fault, Strikes strikes) {
    try {
      site.awaitSettled(fault.patience());
    } catch (ConditionTimeoutException e) {
      strikes.check(false, "not settled: " + site.router().streams().books());
      for (int place = 0; place < site.fleet().size(); place++) {
        WorkerProcess worker = site.fleet().get(place);
        strikes.check(
            false,
            "worker %d holds %.0f leases and %.0f assignments"
                .formatted(
                    place,
                    worker.metric("worker_leases_held"),
                    worker.metric("worker_unfinished_assignments")));
      }
    }
  }

  /** Whatever goes wrong is a row that says so. */
  private static FaultRow row(Fault fault, Flags flags) {
    try (Site site = Site.open(fault.plan(new Plan(flags)))) {
      Strikes strikes = new Strikes();
      site.load().resume();
      fault.strike(site, strikes);
      site.load().pause();
      settle(site, fault, strikes);
      Tally tally = site.ledger().count();
      fault.review(site, tally, strikes);
      return FaultRow.of(fault.title(), flags, tally, strikes);
    } catch (Exception | Error e) {
      return FaultRow.broken(fault.title(), flags, e);
    }
  }
}
