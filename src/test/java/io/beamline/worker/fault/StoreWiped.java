package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * NATS is killed while steps run, and comes back with nothing. What the worker had taken still gets
 * its result, and no acknowledgement from before touches what is assigned afterwards.
 */
record StoreWiped() implements Fault {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int HELD = 6;

  @Override
  public String title() {
    return "02 NATS restarted with an empty store";
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    WorkerProcess worker = site.fleet().get(0);
    site.load().pause();
    site.awaitSettled(SOON);
    List<String> held =
        site.load()
            .assignAll(
                Stream.generate(() -> Assignments.sleep(3_000)).limit(HELD).toList(),
                Expected.SUCCESS);
    held.forEach(id -> site.router().awaitAck(id, SOON));
    site.ledger().save();
    site.nats().kill();
    site.nats().wipeStore();
    Awaitility.await("the steps end while nobody listens")
        .atMost(SOON)
        .until(() -> worker.metric("worker_unpublished_results") == HELD);
    site.nats().restart();
    Awaitility.await("readiness returns").atMost(SOON).until(worker::ready);
    strikes.count("stores wiped", 1);
    site.load().resume();
    worker.awaitLog("acknowledgements for the old one are discarded", SOON);
    strikes.count("old acknowledgements discarded", 1);
    worker.awaitLog("Stream made", SOON);
    Pause.of(Duration.ofSeconds(3));
  }
}
