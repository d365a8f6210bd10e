package io.beamline.worker.fault;

import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** The network to NATS swallows everything, delays it by seconds, and cuts messages in two. */
record NetworkCut(Duration swallowed, Duration slow, int cuts) implements Fault {

  private static final Duration DELAY = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(40);

  @Override
  public List<Flags> settings() {
    return Flags.OF_QUEUES;
  }

  @Override
  public String title() {
    return "04 network swallows, delays, cuts";
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    WorkerProcess worker = site.fleet().get(0);
    site.network().swallow(true);
    Pause.of(swallowed);
    Awaitility.await("the silence is noticed").atMost(SOON).until(() -> !worker.ready());
    site.network().swallow(false);
    site.network().closeConnections();
    Awaitility.await("readiness returns").atMost(SOON).until(worker::ready);
    site.network().delay(DELAY);
    Pause.of(slow);
    site.network().delay(Duration.ZERO);
    for (int cut = 1; cut <= cuts; cut++) {
      int expected = cut;
      site.network().cutNext(1);
      Awaitility.await().atMost(SOON).until(() -> site.network().cuts() >= expected);
      Awaitility.await("readiness returns").atMost(SOON).until(worker::ready);
    }
    strikes.count("swallowed", site.network().swallowed());
    strikes.count("delayed", site.network().delayed());
    strikes.count("cuts", site.network().cuts());
  }
}
