package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Dispatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Two workers are restarted in turn by SIGTERM, each with a queue of steps. */
record RollingRestart() implements Fault {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** For the last answers, which have their own time after the grace, and for the JVM's end. */
  private static final Duration LAST = Duration.ofSeconds(5);

  private static final long TAKEN_OVER_MS = 1_000;
  private static final int SLOTS = 4;
  private static final int BATCH = 40;
  private static final int LARGEST_BACKLOG = 5 * BATCH;

  @Override
  public List<Flags> settings() {
    return Flags.OF_QUEUES;
  }

  @Override
  public String title() {
    return "03 rolling restart (SIGTERM)";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard
        .workers(2)
        .env("WORKER_POOLS_IO_CONCURRENCY", "" + SLOTS)
        .env("WORKER_SHUTDOWN_GRACE", GRACE.toSeconds() + "s");
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    Collection<WireMessage> acks = new ConcurrentLinkedQueue<>();
    Dispatcher listening =
        site.router().connection().createDispatcher(message -> acks.add(WireMessage.of(message)));
    listening.subscribe(Subjects.STANDARD.ack());
    for (int place = 0; place < site.fleet().size(); place++) {
      restart(site, place, acks, strikes);
    }
    site.router().connection().closeDispatcher(listening);
  }

  private static void restart(Site site, int place, Collection<WireMessage> acks, Strikes strikes) {
    WorkerProcess leaving = site.fleet().get(place);
    List<String> backlog = assignUntilItQueues(site, place, acks);
    try (MachineStalls stalls = MachineStalls.watch()) {
      long told = System.currentTimeMillis();
      leaving.sigterm();
      leaving.awaitExit(GRACE.plus(LAST).plusSeconds(20));
      long gone = System.currentTimeMillis() - told;
      strikes.check(
          gone <= GRACE.plus(LAST).plus(stalls.longest()).toMillis(),
          "worker " + place + " took " + gone + " ms to leave");
      strikes.count("restarts", 1);
      site.router().awaitAll(backlog, SOON);
      Awaitility.await()
          .atMost(SOON)
          .until(() -> takenOver(acks, place, told).findAny().isPresent());
      long late =
          takenOver(acks, place, told).mapToLong(ack -> ackedAt(ack) - told).max().orElse(0);
      strikes.check(
          late <= TAKEN_OVER_MS + stalls.longestMs(), "a queued step waited " + late + " ms");
      strikes.count("handed over", takenOver(acks, place, told).count());
    }
    WorkerProcess unused = site.fleet().replace(place).awaitReady();
  }

  /**
   * Assigns steps until the worker holds some that wait for a slot. A worker that has just started
   * asks for few, and the other one gets most.
   */
  private static List<String> assignUntilItQueues(
      Site site, int place, Collection<WireMessage> acks) {
    List<String> backlog = new ArrayList<>();
    do {
      List<String> batch =
          site.load()
              .assignAll(Stream.generate(() -> slow(site)).limit(BATCH).toList(), Expected.SUCCESS);
      batch.forEach(id -> site.router().awaitAck(id, SOON));
      backlog.addAll(batch);
    } while (backlog.size() < LARGEST_BACKLOG && accepted(acks, place, backlog) < 3 * SLOTS);
    return backlog;
  }

  private static long accepted(Collection<WireMessage> acks, int place, List<String> ids) {
    return acks.stream()
        .filter(ack -> isOf(place, ack) && ids.contains(ack.text("assignment_id")))
        .count();
  }

  /** Acks of another worker for what the leaving one had accepted. */
  private static Stream<WireMessage> takenOver(
      Collection<WireMessage> acks, int leaving, long since) {
    Set<String> left =
        acks.stream()
            .filter(ack -> isOf(leaving, ack) && ackedAt(ack) <= since)
            .map(ack -> ack.text("assignment_id"))
            .collect(Collectors.toSet());
    return acks.stream()
        .filter(ack -> !isOf(leaving, ack) && ackedAt(ack) > since)
        .filter(ack -> left.contains(ack.text("assignment_id")));
  }

  @Override
  public void review(Site site, Tally tally, Strikes strikes) {
    site.pages()
        .visits()
        .forEach(
            (page, times) ->
                strikes.check(
                    times <= (page.startsWith("/flaky/") ? 2 : 1),
                    page + " was asked for " + times + " times"));
  }

  private static Assignments slow(Site site) {
    Assignments step = Assignments.http("");
    return step.input("url", site.pages().url("/slow/500/" + step.id()));
  }

  private static boolean isOf(int place, WireMessage ack) {
    return ack.json().at("/metadata/worker_id").stringValue("").equals("worker-" + place);
  }

  private static long ackedAt(WireMessage ack) {
    return ack.json().path("acknowledged_at").longValue();
  }
}
