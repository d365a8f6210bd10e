package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.SOON;
import static io.beamline.worker.result.ResultFixture.delivery;
import static io.beamline.worker.result.ResultFixture.identity;
import static io.beamline.worker.result.ResultFixture.pull;
import static io.beamline.worker.result.ResultFixture.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.result.OutgoingMessage.MessageKind;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamSubscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No assignment loses its owner, and no message is lost, where memory is short for a moment. */
class OutOfMemoryTest {

  private static final Duration AT_ONCE = Duration.ofMillis(700);

  private final ShortTime outboxTime = new ShortTime();
  private final ShortTime answersTime = new ShortTime();
  private final LogThrottle throttle = new LogThrottle(TimeSource.system(), Duration.ofSeconds(1));
  private final Deque<CompletableFuture<Void>> published = new ArrayDeque<>();
  private ResultFixture worker;
  private JetStreamSubscription consumer;
  private Outbox outbox;
  private Answers answers;

  @BeforeEach
  void start() {
    worker = new ResultFixture();
    consumer = worker.consumer();
    outbox =
        new Outbox(
            (session, message) -> {
              published.add(new CompletableFuture<>());
              return published.getLast();
            },
            worker.timer,
            outboxTime,
            throttle,
            taken -> {},
            1 << 20);
    outbox.opened(worker.open());
    answers =
        new Answers(
            worker.writer,
            outbox,
            worker.leases,
            new DeadLetters(
                worker.writer,
                outbox,
                worker.leases,
                worker.metrics,
                TimeSource.system(),
                throttle),
            worker.metrics,
            answersTime,
            throttle,
            "w-1");
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void publishesAgainWhatAnErrorKeptFromBeingPublished() {
    Dying dying = new Dying(2);
    try (ResultFixture other = new ResultFixture(dying, 1 << 20)) {
      other.open();
      AtomicInteger confirmed = new AtomicInteger();

      other.outbox.send(result(), confirmed::incrementAndGet);

      await().atMost(SOON).until(other.outbox::isEmpty);
      assertThat(confirmed).hasValue(1);
      assertThat(dying.calls).hasValue(3);
      assertThat(other.router.streams().stored("caf.exec.result.v1")).isEqualTo(1);
    }
  }

  @Test
  void publishesAgainThoughTheRetryCannotBeScheduled() {
    Dying dying = new Dying(1);
    try (ScheduledExecutorService timer = new NoMemoryForTasks()) {
      Outbox other = new Outbox(dying, timer, TimeSource.system(), throttle, taken -> {}, 1 << 20);
      other.opened(worker.open());
      AtomicInteger confirmed = new AtomicInteger();
      other.send(result(), confirmed::incrementAndGet);
      assertThat(other.isEmpty()).isFalse();

      other.queueMissed();

      await().atMost(SOON).until(other::isEmpty);
      assertThat(confirmed).hasValue(1);
      other.queueMissed();
      assertThat(dying.calls).hasValue(2);
    }
  }

  @Test
  void handsBackAnAssignmentWhoseResultCannotFollowItsAck() {
    Answer answer = open();
    answers.accept(answer, null, false);
    answers.finish(answer, success(answer.identity()), false);
    try (LogLines lines = new LogLines()) {
      // One for the measurement of the ack, and then none for the result.
      outboxTime.runOutAfter(1);
      published.getFirst().complete(null);

      assertThat(lines.warnings()).anyMatch(line -> line.contains("its follow-up failed"));
    }
    assertHandedBack();
    assertThat(published).hasSize(1);
  }

  @Test
  void handsBackAnAssignmentWhoseAckCannotBeQueued() {
    Answer answer = open();
    answers.finish(answer, success(answer.identity()), false);
    outboxTime.runOutAfter(0);
    assertThatThrownBy(() -> answers.accept(answer, null, false))
        .isInstanceOf(OutOfMemoryError.class);
    assertHandedBack();
  }

  @Test
  void handsBackAnAssignmentWhoseRejectionCannotBeQueued() {
    Answer answer = open();
    outboxTime.runOutAfter(0);
    assertThatThrownBy(() -> answers.reject(answer, RejectReason.QUEUE_FULL, "full", null, false))
        .isInstanceOf(OutOfMemoryError.class);
    assertHandedBack();
  }

  @Test
  void handsBackAnAssignmentWhoseResultCannotBeQueued() {
    Answer answer = open();
    answers.accept(answer, null, false);
    published.getFirst().complete(null);
    outboxTime.runOutAfter(0);
    assertThatThrownBy(() -> answers.finish(answer, success(answer.identity()), false))
        .isInstanceOf(OutOfMemoryError.class);
    assertHandedBack();
  }

  @Test
  void acknowledgesWhatTheServerHasThoughTheAnswerCannotBeRemembered() {
    Answer answer = open();
    answers.accept(answer, null, false);
    answers.finish(answer, success(answer.identity()), false);
    published.getFirst().complete(null);
    answersTime.runOutAfter(0);
    published.getLast().complete(null);

    assertThat(published).hasSize(2);
    assertThat(answersTime.hasRunOut()).isTrue();
    assertThat(answers.unfinished()).isZero();
    await().atMost(SOON).until(() -> worker.router.streams().unacknowledgedAssignments() == 0);
  }

  @Test
  void aDeliveryThatCannotBeOpenedDoesNotHoldTheNext() {
    settle(open());
    Delivery again = taken();
    answersTime.runOutAfter(0);
    assertThatThrownBy(() -> answers.open(identity("a-1"), again))
        .isInstanceOf(OutOfMemoryError.class);
    assertHandedBack();
  }

  @Test
  void aMalformedMessageWithoutRoomForItsDeadLetterIsHandedBack() {
    DeadLetters letters =
        new DeadLetters(
            worker.writer, outbox, worker.leases, worker.metrics, TimeSource.system(), throttle);
    outboxTime.runOutAfter(0);
    Delivery delivery = taken();
    assertThatThrownBy(() -> letters.malformed(identity("a-1"), "no JSON", delivery))
        .isInstanceOf(OutOfMemoryError.class);
    assertHandedBack();
  }

  private void settle(Answer answer) {
    answers.accept(answer, null, false);
    answers.finish(answer, success(answer.identity()), false);
    published.getFirst().complete(null);
    published.getLast().complete(null);
    assertThat(answers.unfinished()).isZero();
  }

  private Answer open() {
    return Objects.requireNonNull(answers.open(identity("a-1"), taken()));
  }

  private Delivery taken() {
    worker.router.assign(Assignments.echo());
    return delivery(pull(consumer));
  }

  private void assertHandedBack() {
    assertThat(worker.leases.held()).isZero();
    assertThat(answers.unfinished()).isZero();
    assertThat(delivery(Objects.requireNonNull(pull(consumer, AT_ONCE))).count()).isEqualTo(2);
  }

  private static OutgoingMessage result() {
    return OutboxTest.message(MessageKind.RESULT, "caf.exec.result.v1", "m");
  }

  /** A clock that once has no memory for the time. */
  private static final class ShortTime implements TimeSource {

    private final AtomicInteger left = new AtomicInteger(-1);

    void runOutAfter(int calls) {
      left.set(calls);
    }

    boolean hasRunOut() {
      return left.get() < 0;
    }

    @Override
    public long nanos() {
      if (left.get() >= 0 && left.getAndDecrement() == 0) {
        throw new OutOfMemoryError("made up");
      }
      return TimeSource.system().nanos();
    }

    @Override
    public long epochMillis() {
      return TimeSource.system().epochMillis();
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
      TimeSource.system().sleep(time);
    }
  }

  /** Publishes after it has died some times. */
  private static final class Dying implements Transport {

    private final AtomicInteger calls = new AtomicInteger();
    private final int deaths;
    private final Transport real = ResultFixture.jetStream();

    Dying(int deaths) {
      this.deaths = deaths;
    }

    @Override
    public CompletableFuture<?> publish(NatsSession session, OutgoingMessage message) {
      if (calls.incrementAndGet() <= deaths) {
        throw new OutOfMemoryError("made up");
      }
      return real.publish(session, message);
    }
  }

  private static final class NoMemoryForTasks extends ScheduledThreadPoolExecutor {

    NoMemoryForTasks() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      throw new OutOfMemoryError("made up");
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
      throw new OutOfMemoryError("made up");
    }
  }
}
