package io.beamline.worker.fault;

import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** Of three NATS servers, the one that leads a stream is killed, for one stream after the other. */
record LeaderKilled() implements Fault {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration AWAY = Duration.ofSeconds(5);
  private static final List<String> STREAMS =
      List.of("CAF_EXEC_ASSIGN_V1", "CAF_EXEC_ASSIGN_V1_ACK", "CAF_EXEC_RESULT_V1");

  @Override
  public List<Flags> settings() {
    return Flags.OF_QUEUES;
  }

  @Override
  public String title() {
    return "14 leader of a stream killed";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard.cluster().load(10);
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    WorkerProcess worker = site.fleet().get(0);
    for (String stream : STREAMS) {
      NatsServer killed = site.cluster().killLeaderOf(stream, site.router().connection());
      strikes.count("leaders", 1);
      Pause.of(AWAY);
      killed.restart();
      Awaitility.await("readiness returns").atMost(SOON).until(worker::ready);
      Pause.of(AWAY);
    }
  }
}
