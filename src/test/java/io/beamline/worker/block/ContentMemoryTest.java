package io.beamline.worker.block;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.ContentMemory.Reservation;
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
  void reservesFreeMemoryAndReleasesIt() {
    try (Reservation one = memory.newReservation();
        Reservation two = memory.newReservation()) {
      assertThat(one.tryReserve(6 * KB)).isTrue();
      assertThat(two.tryReserve(4 * KB + 1)).isFalse();
      assertThat(two.tryReserve(4 * KB)).isTrue();
      assertThat(memory.freeBytes()).isZero();
    }
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }

  @Test
  void countsWhatAReservationAlreadyHolds() {
    try (Reservation reservation = memory.newReservation()) {
      assertThat(reservation.tryReserve(3 * KB)).isTrue();
      assertThat(reservation.tryReserve(2 * KB)).isTrue();
      assertThat(reservation.tryReserve(10 * KB)).isTrue();
      assertThat(memory.freeBytes()).isZero();
    }
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }

  @Test
  void contentLargerThanAllMemoryReservesAll() {
    try (Reservation large = memory.newReservation();
        Reservation other = memory.newReservation()) {
      assertThat(large.maxBytes()).isEqualTo(20 * KB);
      assertThat(large.tryReserve(15 * KB)).isTrue();
      assertThat(other.tryReserve(1)).isFalse();
    }
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }

  @Test
  void aReservationThatWaitsHoldsNothing() throws Exception {
    Reservation one = memory.newReservation();
    Reservation two = memory.newReservation();
    assertThat(one.tryReserve(6 * KB)).isTrue();
    assertThat(two.tryReserve(4 * KB)).isTrue();
    assertThat(two.tryReserve(5 * KB)).isFalse();
    assertThat(memory.freeBytes()).isEqualTo(4 * KB);
    assertThat(two.await(Duration.ofMillis(1))).isFalse();
    FutureTask<Boolean> waiting = new FutureTask<>(() -> two.await(LONG));
    Thread.ofPlatform().daemon().start(waiting);

    one.close();

    assertThat(waiting.get(20, SECONDS)).isTrue();
    assertThat(memory.freeBytes()).isEqualTo(5 * KB);
    assertThat(two.tryReserve(5 * KB)).isTrue();
    two.close();
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }

  @Test
  void noReservationOvertakesOneThatWaits() throws Exception {
    Reservation one = memory.newReservation();
    assertThat(one.tryReserve(5 * KB)).isTrue();
    Reservation large = memory.newReservation();
    assertThat(large.tryReserve(8 * KB)).isFalse();
    FutureTask<Boolean> waiting = new FutureTask<>(() -> large.await(LONG));
    Thread thread = Thread.ofPlatform().daemon().start(waiting);
    await().atMost(LONG).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    try (Reservation small = memory.newReservation()) {
      assertThat(small.tryReserve(KB)).isFalse();
    }

    one.close();

    assertThat(waiting.get(20, SECONDS)).isTrue();
    large.close();
    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
  }

  /** The caller of a file operation gives up, and its thread is still reading. */
  @Test
  void memoryIsFreeOnceTheLastUserHasClosedTheReservation() {
    Reservation reservation = memory.newReservation();
    assertThat(reservation.retain()).isTrue();
    assertThat(reservation.tryReserve(4 * KB)).isTrue();

    reservation.close();
    assertThat(memory.freeBytes()).isEqualTo(6 * KB);
    reservation.close();

    assertThat(memory.freeBytes()).isEqualTo(10 * KB);
    assertThat(reservation.retain()).isFalse();
  }

  @Test
  void neverReservesMoreThanItHasUnderContention() throws Exception {
    AtomicLong reserved = new AtomicLong();
    AtomicLong most = new AtomicLong();
    List<FutureTask<Void>> steps = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      long bytes = (1 + i % 4) * 2L * KB;
      steps.add(
          new FutureTask<>(
              () -> {
                for (int round = 0; round < 500; round++) {
                  try (Reservation reservation = memory.newReservation()) {
                    assertThat(reservation.tryReserve(bytes) || reservation.await(LONG)).isTrue();
                    most.accumulateAndGet(reserved.addAndGet(bytes), Math::max);
                    reserved.addAndGet(-bytes);
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
