package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.nats.client.Dispatcher;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** What an operator finds: a message that is no assignment, and two steps that failed. */
final class ThreeDeadLetters {

  private static final Duration SOON = Duration.ofSeconds(60);

  private ThreeDeadLetters() {}

  /** Calls somebody with each assignment from now on. */
  static void watchAssignments(RouterStandIn router, Consumer<WireMessage> seen) throws Exception {
    Dispatcher watch =
        router.connection().createDispatcher(message -> seen.accept(WireMessage.of(message)));
    watch.subscribe("caf.exec.assign.v1");
    router.connection().flush(SOON);
  }

  /** A step that fails at once, and has a secret. */
  static Assignments failing(String path) {
    return Assignments.get(path).input("password", "hush").maxAttempts(1);
  }

  /** Has a worker make them, which makes dead letters of failed steps. */
  static void make(RouterStandIn router, Assignments first, Assignments second) {
    router.publish("{\"assignment_id\":".getBytes(UTF_8), Map.of()).join();
    router.awaitResult(router.assign(first), SOON);
    router.awaitResult(router.assign(second), SOON);
    Awaitility.await().atMost(SOON).until(() -> router.deadLetters().size() == 3);
  }

  /** How many assignments whose id begins so have a result. */
  static long answersOf(RouterStandIn router, String prefix) {
    return router.answers().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix) && entry.getValue().results() > 0)
        .count();
  }
}
