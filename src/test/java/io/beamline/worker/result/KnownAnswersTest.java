package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ExecAssignmentAck.AckStatus;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.json.MessageEncoder;
import io.beamline.worker.result.KnownAnswers.KnownAnswer;
import io.beamline.worker.support.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much the worker remembers, and what that costs. */
class KnownAnswersTest {

  private static final long MIB = 1024 * 1024;

  private final FakeTime time = new FakeTime();

  /** The bound is meant in bytes of the heap, and not of messages only. */
  @ParameterizedTest
  @ValueSource(ints = {2, 500, 20_000})
  void takesNoMoreMemoryThanItsBound(int outputs) throws Exception {
    long bound = 8 * MIB;
    KnownAnswersMemory memory = KnownAnswersMemory.measure(bound, outputs);

    assertThat(memory.bytes())
        .as("%d answers", memory.answers())
        .isBetween(bound * 3 / 4, bound + bound / 20);
    assertThat(memory.answers()).isPositive();
  }

  @Test
  void findsWhatItRemembers() {
    KnownAnswers known = new KnownAnswers(MIB, time);
    KnownAnswer rejected =
        new KnownAnswer(
            new AckDecision(
                AckStatus.REJECTED,
                "queue_full",
                "the queue is full \uD800\u0142",
                new Overload("critical", 7),
                true,
                "w-\u00e9",
                5),
            null,
            null);
    for (KnownAnswer answer : List.of(answer("a", 10), answer("a", 2_000), rejected)) {
      known.remember("a", answer);
      KnownAnswer found = Objects.requireNonNull(known.find("a"));
      assertThat(found.decision()).isEqualTo(answer.decision());
      assertThat(found.tenantId()).isEqualTo(answer.tenantId());
      assertThat(found.result()).isEqualTo(answer.result());
    }
    assertThat(known.find("b")).isNull();
    assertThat(known.count()).isEqualTo(1);
  }

  @Test
  void forgetsTheOldestWhenItIsFull() {
    KnownAnswers known = new KnownAnswers(MIB, time);
    for (int i = 0; i < 10_000; i++) {
      known.remember("a-" + i, answer("a-" + i, 10));
    }
    int kept = known.count();
    assertThat(kept).isBetween(100, 9_999);
    assertThat(known.find("a-" + (10_000 - kept))).isNotNull();
    assertThat(known.find("a-" + (10_000 - kept - 1))).isNull();
  }

  @Test
  void remembersNothingThatIsLargerThanItsBound() {
    KnownAnswers known = new KnownAnswers(10, time);
    known.remember("a", answer("a", 10));
    assertThat(known.count()).isZero();
  }

  @Test
  void forgetsWhatIsOld() {
    KnownAnswers known = new KnownAnswers(MIB, time);
    known.remember("a", answer("a", 10));
    time.advance(Duration.ofMinutes(5));
    known.remember("b", answer("b", 10));
    time.advance(Duration.ofMinutes(5));
    assertThat(known.find("a")).isNull();
    assertThat(known.find("b")).isNotNull();
    time.advance(Duration.ofMinutes(5));
    known.remember("a", answer("a", 10));
    assertThat(known.find("a")).isNotNull();
    assertThat(known.find("b")).isNull();
  }

  /** All of a chunk at once. */
  @Test
  void givesBackTheMemoryOfWhatIsOld() {
    KnownAnswers known = new KnownAnswers(MIB, time);
    for (int i = 0; i < 1_000; i++) {
      known.remember("old-" + i, answer("old-" + i, 10));
    }
    time.advance(Duration.ofMinutes(10));
    known.remember("new", answer("new", 10));
    assertThat(known.count()).isBetween(1, 100);
    assertThat(known.find("new")).isNotNull();
  }

  @Test
  void countsAnAnswerOnceThatIsGivenAgain() {
    KnownAnswers known = new KnownAnswers(MIB, time);
    known.remember("first", answer("first", 10));
    for (int i = 0; i < 10_000; i++) {
      known.remember("again", answer("again", 10));
    }
    assertThat(known.find("first")).isNotNull();
  }

  /** As in production: every text of it is its own. */
  static KnownAnswer answer(String id, int outputs) {
    String trace = UUID.randomUUID().toString();
    AssignmentIdentity identity =
        new AssignmentIdentity(
            id,
            "request-" + UUID.randomUUID(),
            "tenant-" + trace.substring(0, 8),
            "worker:" + trace.substring(0, 9),
            "http.request",
            new Correlation(
                trace,
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString()));
    ExecResult result = success(identity, Map.of("text", "x".repeat(outputs)));
    return new KnownAnswer(
        new AckDecision(AckStatus.ACCEPTED, null, null, null, false, "w-1", 1_800_000_000L),
        identity.tenantId(),
        MessageEncoder.encode(result));
  }
}
