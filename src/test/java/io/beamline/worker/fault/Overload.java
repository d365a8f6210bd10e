package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MemoryCurve;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Ten times more work than the worker can do, in little memory. With the flags on it refuses what
 * has no room, or with the policy hold leaves it in the stream; with the flags off only {@code
 * max-ack-pending} bounds what it takes.
 */
record Overload(Duration time) implements Fault {

  private static final int CONCURRENCY = 4;
  private static final Duration PACE = Duration.ofMillis(100);
  private static final int LOAD_PER_SECOND = 400;
  private static final int BATCHES_PER_SECOND = 20;
  private static final int MAX_ACK_PENDING = 5_000;
  private static final int SAMPLES = 12;

  /** Together more than a quarter of the heap. */
  private static final int LARGE_ANSWERS = 2_000;

  private static final int LARGE_ANSWER = 20_000;
  private static final int AT_ONCE = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Results that the worker has not published yet when the acks are counted. */
  private static final int MAX_IN_BETWEEN = 100;

  @Override
  public List<Flags> settings() {
    return Flags.OF_QUEUES;
  }

  @Override
  public String title() {
    return "08 ten times too much load";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard
        .jvm("-Xmx128m")
        .load(0)
        .env("WORKER_POOLS_IO_CONCURRENCY", String.valueOf(CONCURRENCY))
        .env("WORKER_POOLS_IO_MAX_QUEUE_SIZE", "100")
        .env("WORKER_NATS_MAX_ACK_PENDING", String.valueOf(MAX_ACK_PENDING));
  }

  @Override
  public void strike(Site site, Strikes strikes) throws Exception {
    WorkerProcess worker = site.fleet().get(0);
    MemoryCurve memory = new MemoryCurve(worker.pid());
    if (site.flags().on()) {
      fillKnownAnswers(site);
    }
    site.pages().pace(PACE);
    long highest = 0;
    try (ScheduledExecutorService storm = Executors.newSingleThreadScheduledExecutor()) {
      Future<?> unused =
          storm.scheduleAtFixedRate(
              () -> assign(site, LOAD_PER_SECOND / BATCHES_PER_SECOND),
              0,
              1_000 / BATCHES_PER_SECOND,
              TimeUnit.MILLISECONDS);
      for (int i = 0; i < SAMPLES; i++) {
        Pause.of(time.dividedBy(SAMPLES));
        memory.sample();
        highest = Math.max(highest, site.flags().on() ? 0 : underWay(site));
      }
    }
    review(worker, memory, highest, site.flags(), strikes);
    // The backlog of the minute would take ten minutes at the pace of the minute.
    site.pages().pace(Duration.ZERO);
  }

  private static void review(
      WorkerProcess worker, MemoryCurve memory, long highest, Flags flags, Strikes strikes) {
    strikes.check(worker.alive(), "the worker died");
    strikes.check(!worker.log().contains("OutOfMemory"), "the memory did not suffice");
    strikes.check(highest <= MAX_ACK_PENDING, highest + " were under way, beyond max-ack-pending");
    if (flags.on()) {
      memory.assertFlat();
      return;
    }
    double shown = worker.metric("worker_unfinished_assignments");
    strikes.check(shown > MAX_ACK_PENDING * 0.9, "the metric shows only " + shown);
    strikes.count(
        "doublings logged",
        worker.stdout().stream().filter(line -> line.contains("Unfinished assignments")).count());
  }

  /**
   * The worker remembers answers in up to a quarter of its heap. That is full before the memory is
   * watched, so that whatever grows after it should not.
   */
  private static void fillKnownAnswers(Site site) {
    for (int i = 0; i < LARGE_ANSWERS; i += AT_ONCE) {
      List<Assignments> large =
          Stream.generate(() -> Assignments.echo().input("text", "x".repeat(LARGE_ANSWER)))
              .limit(AT_ONCE)
              .toList();
      List<String> unused = site.load().assignAll(large, Expected.SUCCESS);
      site.awaitSettled(PATIENCE);
    }
  }

  /** What has an ack and no result yet, by the streams. Nothing is refused with the flags off. */
  private static long underWay(Site site) {
    long results = site.router().streams().stored(Subjects.STANDARD.result());
    long acks = site.router().streams().stored(Subjects.STANDARD.ack());
    return acks - results - MAX_IN_BETWEEN;
  }

  private static void assign(Site site, int steps) {
    Expected expected = site.flags().rejects() ? Expected.SUCCESS_OR_REJECTION : Expected.SUCCESS;
    for (int i = 0; i < steps; i++) {
      Assignments step = Assignments.http("");
      CompletableFuture<String> unused =
          site.load().assign(step.input("url", site.pages().url("/paced/" + step.id())), expected);
    }
  }

  @Override
  public void review(Site site, Tally tally, Strikes strikes) {
    long rejected = tally.acks() - tally.results();
    if (site.flags().rejects()) {
      strikes.count("rejected", rejected);
    }
    strikes.count("steps", tally.assignments());
  }

  @Override
  public Duration patience() {
    return PATIENCE;
  }
}
