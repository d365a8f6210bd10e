package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FlagsOff;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** What goes wrong inside the worker leaves no assignment unanswered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InternalTroubleTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final AtomicBoolean FLAGS_FAIL = new AtomicBoolean();

  private NatsServer nats;
  private ConfigurableApplicationContext worker;
  private RouterStandIn router;

  @BeforeAll
  void start() {
    nats = NatsServer.start();
    worker =
        new SpringApplicationBuilder(WorkerApplication.class, Trouble.class)
            .run(
                "--nats.spring.server=" + nats.url(),
                "--server.port=" + FreePort.find(),
                "--management.server.port=" + FreePort.find(),
                "--worker.admin.password=test-password");
    NatsSessions sessions = worker.getBean(NatsSessions.class);
    Awaitility.await().atMost(SOON).until(() -> sessions.problem().isEmpty());
    router = RouterStandIn.connect(nats.url());
  }

  @AfterAll
  void stop() {
    router.assertClean();
    router.close();
    worker.close();
    nats.close();
  }

  @Test
  void anErrorAtTheIntakeHandsBack() {
    FLAGS_FAIL.set(true);

    assertThat(result(Assignments.echo()).status()).isEqualTo("success");
  }

  @Test
  void aFailureThatCannotBeWrittenIsAnsweredStill() {
    assertThat(result(Assignments.of("unspeakable").maxAttempts(1)).errorCode())
        .isEqualTo("INTERNAL_ERROR");
  }

  @Test
  void aTraceOfTheHeadersIsInTheResultToo() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    Answer answer = result(Assignments.echo().header("trace_id", trace));

    assertThat(answer.ack().orElseThrow().headers()).containsEntry("trace_id", List.of(trace));
    assertThat(answer.result().orElseThrow().headers()).containsEntry("trace_id", List.of(trace));
    assertThat(answer.resultJson().path("trace_id").stringValue("")).isEqualTo(trace);
  }

  private Answer result(Assignments assignment) {
    return router.awaitResult(router.assign(assignment), SOON);
  }

  static class Trouble {

    @Bean
    @Primary
    FeatureFlags failingFlags() {
      return new FlagsOff() {
        @Override
        public FlagSnapshot snapshot(String assignmentId, String tenantId) {
          if (FLAGS_FAIL.getAndSet(false)) {
            throw new StackOverflowError("made by the test");
          }
          return super.snapshot(assignmentId, tenantId);
        }
      };
    }

    @Bean
    Block unspeakable() {
      return new Block() {
        @Override
        public BlockType type() {
          return new BlockType("unspeakable", List.of(), ResourcePool.CPU);
        }

        @Override
        public Outputs run(BlockCall call) throws StepFailure {
          Object unwritable =
              new Object() {
                @Override
                public String toString() {
                  throw new IllegalStateException("made by the test");
                }
              };
          throw StepFailure.of(ErrorCode.EXECUTION_FAILED, "It failed", Map.of("why", unwritable));
        }
      };
    }
  }
}
