package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.result.Delivery;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rejections for Routers that read no acks: each has a result too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalResultsTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private NatsServer nats;
  private RouterStandIn router;
  private WorkerSlice worker;

  @BeforeAll
  void start() {
    nats = NatsServer.start();
    worker =
        WorkerSlice.upTo(
            "intake",
            nats.url(),
            ScriptedBlock.of(call -> ScriptedBlock.DONE),
            "worker.queue.result-on-rejection=true",
            "worker.shutdown.grace=1s");
    router = RouterStandIn.connect(nats.url());
  }

  @AfterAll
  void close() {
    router.assertClean();
    worker.close();
    router.close();
    nats.close();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("unsupported_version", ScriptedBlock.assignment().with("version", "2")),
        Arguments.of("unsupported_job_type", Assignments.of("no.such.type")),
        Arguments.of("invalid_assignment", ScriptedBlock.assignment().with("tenant_id", 7)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void haveAResult(String reason, Assignments assignment) {
    Answer answer = refused(assignment, AssignmentHandler::handle);

    assertThat(answer.ackReason()).isEqualTo(reason);
    assertThat(answer.resultJson().path("status").stringValue("")).isEqualTo("error");
    assertThat(answer.resultJson().path("error_code").stringValue("")).isEqualTo("INVALID_INPUT");
    assertThat(answer.resultJson().at("/error/details").toString())
        .isEqualTo("{\"reason\":\"" + reason + "\"}");
  }

  @Test
  void areAnOverloadWhenTheWorkerShutsDown() {
    Answer answer = refused(ScriptedBlock.assignment(), AssignmentHandler::rejectInDrain);

    assertThat(answer.ackReason()).isEqualTo("shutting_down");
    assertThat(answer.resultJson().path("error_code").stringValue("")).isEqualTo("SYSTEM_OVERLOAD");
    assertThat(answer.resultJson().at("/error/retryable").booleanValue()).isTrue();
  }

  private Answer refused(Assignments assignment, BiConsumer<AssignmentHandler, Delivery> handle) {
    handle.accept(
        worker.bean(AssignmentHandler.class),
        new Delivery("caf.exec.assign.v1", assignment.bytes(), null, null, 1));
    Answer answer = router.awaitResult(assignment.id(), SOON);
    assertThat(answer.ackStatus()).isEqualTo("rejected");
    return answer;
  }
}
