package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.RouterStreams.Stored;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** NATS is killed, and comes back with all that it had stored. */
record ServerAway(List<Duration> outages) implements Fault {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration KEPT = Duration.ofMillis(500);

  /** Attempts a second, at most, once the pauses between them have grown. */
  private static final int ATTEMPTS_PER_SECOND = 2;

  private static final int FIRST_ATTEMPTS = 12;
  private static final int IN_FLIGHT = 5;

  @Override
  public List<Flags> settings() {
    return Flags.OF_QUEUES;
  }

  @Override
  public String title() {
    return "02 NATS killed and restarted";
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    outages.forEach(outage -> strike(site, outage, strikes));
  }

  private static void strike(Site site, Duration outage, Strikes strikes) {
    WorkerProcess worker = site.fleet().get(0);
    runsWhenItStrikes(site);
    int before = site.network().accepted();
    site.nats().kill();
    Awaitility.await("readiness falls").atMost(SOON).until(() -> !worker.ready());
    Pause.of(outage);
    int attempts = site.network().accepted() - before;
    site.nats().restart();
    Awaitility.await("readiness returns").atMost(SOON).until(worker::ready);
    strikes.count("outages", 1);
    strikes.check(
        attempts <= FIRST_ATTEMPTS + ATTEMPTS_PER_SECOND * outage.toSeconds(),
        "a storm of " + attempts + " connections in " + outage);
    Pause.of(Duration.ofSeconds(2));
  }

  /** Steps that end while NATS is away. */
  private static void runsWhenItStrikes(Site site) {
    List<Assignments> steps =
        Stream.generate(() -> Assignments.http(""))
            .map(step -> step.input("url", site.pages().url("/slow/1000/" + step.id())))
            .limit(IN_FLIGHT)
            .toList();
    List<String> ids = site.load().assignAll(steps, Expected.SUCCESS);
    ids.forEach(id -> site.router().awaitAck(id, SOON));
  }

  @Override
  public void review(Site site, Tally tally, Strikes strikes) {
    strikes.count("results kept", tally.stored().stream().filter(ServerAway::wasKept).count());
  }

  private static boolean wasKept(Stored result) {
    long ended = result.message().json().path("timestamp").longValue();
    return result.at().toEpochMilli() - ended > KEPT.toMillis();
  }
}
