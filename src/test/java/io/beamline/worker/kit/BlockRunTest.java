package io.beamline.worker.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The kit does to a block what the worker does, and fails the test of one that misbehaves. */
class BlockRunTest {

  private static final Duration SHORT = Duration.ofMillis(100);

  /** What a block does in an attempt. */
  @FunctionalInterface
  interface Behaviour {
    Outputs run(BlockCall call) throws StepFailure, InterruptedException;
  }

  record Scripted(Behaviour behaviour) implements Block {

    @Override
    public BlockType type() {
      return new BlockType("scripted", List.of(), ResourcePool.CPU);
    }

    @Override
    public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
      return behaviour.run(call);
    }
  }

  @Test
  void handsOverTheCallAndReturnsTheOutputs() {
    AtomicReference<BlockCall> seen = new AtomicReference<>();
    StepReport report =
        run(call -> {
              seen.set(call);
              return Outputs.of(Map.of("n", call.inputs().wholeNumber("n", 0, 9, 0)));
            })
            .payload("{\"n\": 7}")
            .tenant("acme")
            .assignment("a-7")
            .traceparent("00-a-b-01")
            .run();

    assertThat(report.succeeded()).isTrue();
    assertThat(report.outputs()).isEqualTo("{\"n\":7}");
    assertThat(report.attempts()).isEqualTo(1);
    assertThat(report.code()).isNull();
    assertThat(seen.get().tenantId()).isEqualTo("acme");
    assertThat(seen.get().assignmentId()).isEqualTo("a-7");
    assertThat(seen.get().traceparent()).isEqualTo("00-a-b-01");
    assertThat(seen.get().attempt()).isEqualTo(1);
  }

  @Test
  void retriesWhatIsRetryableAndSkipsTheWaits() {
    StepReport report =
        run(call -> succeedAt(4, call)).attempts(5).deadline(Duration.ofMinutes(10)).run();

    assertThat(report.succeeded()).isTrue();
    assertThat(report.attempts()).isEqualTo(4);
    assertThat(report.waits())
        .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
    assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(700));
  }

  @Test
  void endsWhenAttemptsOrTimeAreUsedUp() {
    StepReport attempts = run(call -> succeedAt(4, call)).attempts(2).run();
    assertThat(attempts.code()).isEqualTo(ErrorCode.NETWORK_ERROR);
    assertThat(attempts.attempts()).isEqualTo(2);

    StepReport time =
        run(call -> succeedAt(20, call)).attempts(20).deadline(Duration.ofSeconds(1)).run();
    assertThat(time.attempts()).isEqualTo(4);
    assertThat(Objects.requireNonNull(time.error()).detail("stopped_by")).isEqualTo("retry_budget");
  }

  @Test
  void doesNotRetryWhatIsNotRetryable() {
    StepReport invalid =
        run(call -> {
              throw StepFailure.of(
                  ErrorCode.INVALID_INPUT, "An input is wrong", Map.of("field", "x"));
            })
            .run();
    assertThat(invalid.attempts()).isEqualTo(1);
    assertThat(invalid.field()).isEqualTo("x");
    StepReport forbidden =
        run(call -> {
              throw StepFailure.withoutRetry(StepError.of(ErrorCode.NETWORK_ERROR, "Gone"));
            })
            .run();
    assertThat(forbidden.attempts()).isEqualTo(1);
  }

  @Test
  void cutsAnAttemptAtTheDeadline() {
    StepReport report = run(BlockRunTest::waitForever).deadline(SHORT).run();

    assertThat(report.status()).isEqualTo(StepStatus.TIMEOUT);
    assertThat(report.code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
    assertThat(report.elapsed()).isGreaterThanOrEqualTo(SHORT);
  }

  @Test
  void cancelsAnAttemptByInterruptAndFlag() {
    AtomicReference<Boolean> seen = new AtomicReference<>();
    StepReport report =
        run(call -> {
              try {
                return waitForever(call);
              } finally {
                seen.set(call.isCancelled());
              }
            })
            .cancelAfter(SHORT)
            .run();

    assertThat(report.status()).isEqualTo(StepStatus.CANCELLED);
    assertThat(seen.get()).isTrue();
  }

  @Test
  void cancelsAStepThatWaitsForItsRetry() {
    StepReport report =
        run(call -> succeedAt(20, call))
            .attempts(20)
            .cancelAfter(Duration.ofMinutes(1))
            .deadline(Duration.ofHours(1))
            .run();

    assertThat(report.status()).isEqualTo(StepStatus.CANCELLED);
    assertThat(report.attempts()).isBetween(2, 19);
  }

  @Test
  void showsWhatTheBlockThrew() {
    StepReport exception =
        run(call -> {
              throw new IllegalStateException("defect");
            })
            .run();
    assertThat(exception.code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
    assertThat(exception.thrown()).hasMessage("defect");

    StepReport error =
        run(call -> {
              throw new StackOverflowError();
            })
            .run();
    assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
    assertThat(error.thrown()).isInstanceOf(StackOverflowError.class);
  }

  @Test
  void complainsOfABlockThatIgnoresItsInterrupt() {
    CountDownLatch over = new CountDownLatch(1);
    assertThatThrownBy(
            () -> run(call -> ignoreInterrupts(over)).deadline(SHORT).stopsWithin(SHORT).run())
        .isInstanceOf(AssertionError.class)
        .hasMessage("The block still runs PT0.1S after its interrupt");
    over.countDown();
  }

  @Test
  void complainsOfThreadsThatAreLeft() {
    CountDownLatch over = new CountDownLatch(1);
    Behaviour leaks =
        call -> {
          Thread.ofPlatform().daemon().name("left").start(() -> awaitQuietly(over));
          return Outputs.of(Map.of());
        };
    assertThatThrownBy(() -> run(leaks).run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the thread 'left'");
    assertThat(run(leaks).keepsThreads().run().succeeded()).isTrue();
    over.countDown();
  }

  @Test
  @SuppressWarnings({"NullAway", "DataFlowIssue"}) // the null is the point
  void complainsOfOutputsThatCanBeNoResult() {
    assertComplaint(call -> null, "null instead of outputs");
    assertComplaint(call -> raw("[1]"), "no JSON object");
    assertComplaint(call -> raw("{\"a\":1"), "no JSON object");
    assertComplaint(call -> raw("{\"a\":1,\"a\":2}"), "no JSON object");
    assertComplaint(call -> Outputs.of(Map.of("text", "x".repeat(1_100_000))), "more than 1048576");
  }

  private static void assertComplaint(Behaviour behaviour, String text) {
    assertThatThrownBy(() -> run(behaviour).run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(text);
  }

  private static BlockRun run(Behaviour behaviour) {
    return BlockRun.of(new Scripted(behaviour));
  }

  private static Outputs raw(String json) {
    return new Outputs.RawObject(new RawJson(json));
  }

  private static Outputs succeedAt(int attempt, BlockCall call) throws StepFailure {
    if (call.attempt() < attempt) {
      throw StepFailure.of(ErrorCode.NETWORK_ERROR, "The server is away");
    }
    return Outputs.of(Map.of("attempt", call.attempt()));
  }

  private static Outputs waitForever(BlockCall call) throws InterruptedException {
    new CountDownLatch(1).await();
    return Outputs.of(Map.of("attempt", call.attempt()));
  }

  private static Outputs ignoreInterrupts(CountDownLatch over) {
    awaitQuietly(over);
    return Outputs.of(Map.of());
  }

  private static void awaitQuietly(CountDownLatch over) {
    while (over.getCount() > 0) {
      try {
        over.await();
      } catch (InterruptedException e) {
        // that is the point
      }
    }
  }
}
