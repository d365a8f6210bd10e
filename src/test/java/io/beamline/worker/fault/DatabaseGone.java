package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.PostgresServer;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * A database is killed while statements run, is away for a while, and a worker is killed meanwhile.
 * With all flags steps are retried or wait, and succeed once it is back; without them they fail.
 * Afterwards it serves both as before.
 */
record DatabaseGone(Duration time) implements Fault {

  private static final int STEPS = 60;
  private static final int AFTERWARDS = 20;
  private static final Duration SOON = Duration.ofSeconds(30);

  @Override
  public String title() {
    return "17 database gone";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard.workers(2).database().env("WORKER_DESTINATIONS_BREAKER_OPEN_FOR", "3s");
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    PostgresServer database = site.database();
    List<String> hanging =
        site.load().assignAll(steps("select pg_sleep(60)", 4), Expected.ANY_RESULT);
    Awaitility.await().atMost(SOON).until(() -> site.sum("worker_sql_connections") >= 4);
    database.kill();
    List<String> ids =
        site.load()
            .assignAll(
                steps("select 1 as one", STEPS),
                site.flags().on() ? Expected.SUCCESS : Expected.FAILURE);
    site.fleet().get(0).kill9();
    WorkerProcess unused = site.fleet().replace(0);
    Pause.of(time);
    if (!site.flags().on()) {
      site.router().awaitAll(ids, SOON);
    }
    database.restart();
    site.router().awaitAll(ids, SOON.multipliedBy(2));
    strikes.count(site.flags().on() ? "succeeded" : "failed", ids.size());
    site.fleet().get(0).awaitReady();
    List<String> afterwards =
        site.load().assignAll(steps("select 1 as one", AFTERWARDS), Expected.SUCCESS);
    site.router().awaitAll(afterwards, SOON);
    strikes.count("afterwards", afterwards.size());
    site.router().awaitAll(hanging, SOON.multipliedBy(4));
    Awaitility.await().atMost(SOON).until(() -> site.sum("worker_sql_stuck_threads") == 0);
  }

  /** Statements whose result does not matter are given up after ten seconds. */
  private static List<Assignments> steps(String query, int count) {
    boolean hangs = query.contains("sleep");
    return IntStream.range(0, count)
        .mapToObj(i -> Assignments.of("sql.query").input("query", query))
        .map(step -> step.maxAttempts(hangs ? 1 : 10).backoffMs(20))
        .map(step -> step.deadlineMs(hangs ? 10_000 : 120_000))
        .toList();
  }
}
