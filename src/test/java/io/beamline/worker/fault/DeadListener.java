package io.beamline.worker.fault;

import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.Sabotage;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;

/** The thread that takes assignments dies; whoever watches the liveness restarts the worker. */
record DeadListener() implements Fault {

  private static final Duration NOTICED = Duration.ofSeconds(15);

  @Override
  public String title() {
    return "12 listener thread dies";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard.workers(2).saboteur();
  }

  @Override
  public void strike(Site site, Strikes strikes) throws IOException {
    WorkerProcess worker = site.fleet().get(0);
    URI liveness = worker.managementUri("/actuator/health/liveness");
    try (MachineStalls stalls = MachineStalls.watch()) {
      Sabotage.throwUncaught(worker);
      worker.awaitLog("on purpose", NOTICED);
      Sabotage.endIntake(worker);
      long ended = System.nanoTime();
      Awaitility.await()
          .atMost(NOTICED.multipliedBy(3))
          .until(() -> worker.status(liveness) == 503);
      Duration noticed = Duration.ofNanos(System.nanoTime() - ended);
      strikes.check(
          noticed.compareTo(NOTICED.plus(stalls.longest())) <= 0,
          "liveness failed after " + noticed);
      strikes.count("dead listeners", 1);
    }
    worker.kill9();
    WorkerProcess unused = site.fleet().replace(0).awaitReady();
  }
}
