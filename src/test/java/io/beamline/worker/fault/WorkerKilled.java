package io.beamline.worker.fault;

import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Workers that share the work are killed at random moments, again and again. */
record WorkerKilled(int times) implements Fault {

  @Override
  public List<Flags> settings() {
    return Flags.OF_QUEUES;
  }

  @Override
  public String title() {
    return "01 worker killed (-9)";
  }

  /** Workers that live for a second finish nothing. What waits then for minutes keeps its time. */
  @Override
  public Plan plan(Plan standard) {
    Plan patient = standard.env("WORKER_TIMEOUTS_TOTAL", "10m");
    return times > 1 ? patient.workers(2).load(30) : patient;
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    Random random = new Random(42);
    for (int i = 0; i < times; i++) {
      int place = i % site.fleet().size();
      site.fleet().get(place).awaitReady();
      Pause.of(Duration.ofMillis(100 + random.nextInt(900)));
      site.fleet().get(place).kill9();
      strikes.count("kills", 1);
      WorkerProcess unused = site.fleet().replace(place);
    }
    for (int place = 0; place < site.fleet().size(); place++) {
      site.fleet().get(place).awaitReady();
    }
  }

  /** Whoever has an ack of two workers was under way when the first of them was killed. */
  @Override
  public void review(Site site, Tally tally, Strikes strikes) {
    long again =
        site.router().answers().values().stream().filter(answer -> answer.acks() > 1).count();
    strikes.count("taken over", again);
  }
}
