package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A fleet is replaced so often that the server has delivered some assignments more than max-deliver
 * times: what is only handed back never becomes a dead letter.
 */
@Tag("long")
class RollingRestartsIT {

  private static final Duration SOON = Duration.ofMinutes(3);

  private final Map<String, Integer> deliveries = new ConcurrentHashMap<>();

  @ParameterizedTest(name = "all flags {0}, {1} restarts, max-deliver {2}")
  @CsvSource({"true, 25, 20", "false, 6, 4"})
  void makeNoDeadLetter(boolean flags, int restarts, int maxDeliver) {
    List<WorkerProcess> fleet = new ArrayList<>();
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      Dispatcher acks = router.connection().createDispatcher(this::acknowledged);
      acks.subscribe(Subjects.STANDARD.ack());
      fleet.add(worker(nats, flags, maxDeliver).start());
      fleet.add(worker(nats, flags, maxDeliver).start());
      // They end only when the restarts do: each restart hands back those that run on its worker.
      List<String> interrupted =
          router.assignAll(
              Stream.generate(() -> Assignments.sleep(40_000).deadlineMs(3_600_000))
                  .limit(6)
                  .toList());
      List<String> ids = new ArrayList<>(interrupted);

      for (int restart = 0; restart < restarts; restart++) {
        for (int place = 0; place < fleet.size(); place++) {
          ids.addAll(
              router.assignAll(IntStream.range(0, 40).mapToObj(RollingRestartsIT::load).toList()));
          replace(fleet, place, worker(nats, flags, maxDeliver));
        }
      }

      router.awaitAll(ids, SOON);
      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(router.streams().stored("caf.exec.result.v1")).isEqualTo(ids.size());
      assertThat(router.deadLetters()).isEmpty();
      List<Integer> most = interrupted.stream().map(id -> deliveries.getOrDefault(id, 0)).toList();
      assertThat(most).as("deliveries").anyMatch(count -> count > maxDeliver);
      System.out.printf(
          "%d steps, %s deliveries of those that were interrupted%n", ids.size(), most);
      router.assertClean();
    } finally {
      fleet.forEach(WorkerProcess::close);
    }
  }

  private static void replace(
      List<WorkerProcess> fleet, int place, WorkerProcess.Builder newcomer) {
    WorkerProcess started = newcomer.start();
    try (WorkerProcess leaver = fleet.set(place, started)) {
      leaver.sigterm();
      assertThat(leaver.awaitExit(SOON)).isIn(0, 143);
    }
  }

  private static Assignments load(int i) {
    return i % 2 == 0 ? Assignments.echo() : Assignments.sleep(200);
  }

  private void acknowledged(Message message) {
    deliveries.merge(WireMessage.of(message).text("assignment_id"), 1, Integer::sum);
  }

  private static WorkerProcess.Builder worker(NatsServer nats, boolean flags, int maxDeliver) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_NATS_MAX_DELIVER", String.valueOf(maxDeliver))
        .env("WORKER_SHUTDOWN_GRACE", "1s")
        .env("WORKER_POOLS_CPU_CONCURRENCY", "8")
        .allFlags(flags)
        .env("WORKER_QUEUE_REJECTION_POLICY", "hold");
  }
}
