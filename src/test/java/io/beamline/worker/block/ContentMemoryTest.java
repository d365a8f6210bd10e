package io.beamline.worker.block;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.ContentMemory.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ContentMemoryTest {

  private static final long KB = 1_024;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ContentMemory memory = new ContentMemory(10 * KB);

  @Test
  void givesWhatIsFreeAndTakesItBack() {
    try (Share one = memory.share();
        Share two = memory.share()) {
      assertThat(one.take(6 * KB)).isTrue();
      assertThat(two.take(4 * KB + 1)).isFalse();
      assertThat(two.take(4 * KB)).isTrue();
      assertThat(memory.freeBytes()).isZero();
    }
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }

  @Test
  void countsWhatAShareHasAlready() {
    try (Share share = memory.share()) {
      assertThat(share.take(3 * KB)).isTrue();
      assertThat(share.take(2 * KB)).isTrue();
      assertThat(share.take(10 * KB)).isTrue();
      assertThat(memory.freeBytes()).isZero();
    }
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }

  @Test
  void whatIsLargerThanAllGetsAllForItself() {
    try (Share large = memory.share();
        Share other = memory.share()) {
      assertThat(large.mostBytes()).isEqualTo(20 * KB);
      assertThat(large.take(15 * KB)).isTrue();
      assertThat(other.take(1)).isFalse();
    }
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }

  @Test
  void whoFindsTooLittleHoldsNothingAndWaits() throws Exception {
    Share one = memory.share();
    Share two = memory.share();
    assertThat(one.take(6 * KB)).isTrue();
    assertThat(two.take(4 * KB)).isTrue();
    assertThat(two.take(5 * KB)).isFalse();
    assertThat(memory.freeBytes()).isEqualTo(4 * KB);
    assertThat(two.await(Duration.ofMillis(1))).isFalse();
    FutureTask<Boolean> waiting = new FutureTask<>(() -> two.await(LONG));
    Thread.ofPlatform().daemon().start(waiting);

    one.close();

    assertThat(waiting.get(20, SECONDS)).isTrue();
    assertThat(memory.freeBytes()).isEqualTo(5 * KB);
    assertThat(two.take(5 * KB)).isTrue();
    two.close();
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }

  @Test
  void nobodyOvertakesWhoWaits() throws Exception {
    Share one = memory.share();
    assertThat(one.take(5 * KB)).isTrue();
    Share large = memory.share();
    assertThat(large.take(8 * KB)).isFalse();
    FutureTask<Boolean> waiting = new FutureTask<>(() -> large.await(LONG));
    Thread thread = Thread.ofPlatform().daemon().start(waiting);
    await().atMost(LONG).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    try (Share small = memory.share()) {
      assertThat(small.take(KB)).isFalse();
    }

    one.close();

    assertThat(waiting.get(20, SECONDS)).isTrue();
    large.close();
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }

  /** The caller of a file operation gives up, and its thread is still reading. */
  @Test
  void isGivenBackOnceTheLastUserHasClosedIt() {
    Share share = memory.share();
    assertThat(share.join()).isTrue();
    assertThat(share.take(4 * KB)).isTrue();

    share.close();
    assertThat(memory.freeBytes()).isEqualTo(6 * KB);
    share.close();

    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
    assertThat(share.join()).isFalse();
  }

  @Test
  void neverGivesMoreThanThereIsUnderContention() throws Exception {
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    List<FutureTask<Void>> steps = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      long bytes = (1 + i % 4) * 2L * KB;
      steps.add(
          new FutureTask<>(
              () -> {
                for (int round = 0; round < 500; round++) {
                  try (Share share = memory.share()) {
                    assertThat(share.take(bytes) || share.await(LONG)).isTrue();
                    most.accumulateAndGet(held.addAndGet(bytes), Math::max);
                    held.addAndGet(-bytes);
                  }
                }
                return null;
              }));
    }
    steps.forEach(step -> Thread.ofPlatform().start(step));
    for (FutureTask<Void> step : steps) {
      step.get(30, SECONDS);
    }
    assertThat(most.get()).isLessThanOrEqualTo(10 * KB);
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }
}
