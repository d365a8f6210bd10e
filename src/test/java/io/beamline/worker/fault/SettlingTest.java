package io.beamline.worker.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.RouterStreams.Books;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettlingTest {

  private static final Duration ACK_WAIT = Duration.ofSeconds(3);

  private final Settling settling = new Settling();

  @Test
  void isDoneAtOnceWhenTheServerWaitsForNothing() {
    assertThat(isDone(0, 0, 7, 0, 0)).isTrue();
  }

  @Test
  void isNotDoneWhileAMessageWaitsForAWorker() {
    assertThat(isDone(1, 0, 7, 0, 0)).isFalse();
    assertThat(isDone(1, 0, 7, 0, 100)).isFalse();
  }

  @Test
  void isDoneOnceTheServerWaitsButDeliversNothingMore() {
    assertThat(isDone(0, 2, 7, 0, 0)).isFalse();
    assertThat(isDone(0, 2, 7, 0, 12)).isFalse();
    assertThat(isDone(0, 2, 7, 0, 13)).isTrue();
  }

  @Test
  void aDeliveryBeginsTheWaitAnew() {
    assertThat(isDone(0, 2, 7, 0, 0)).isFalse();
    assertThat(isDone(0, 2, 8, 0, 13)).isFalse();
    assertThat(isDone(0, 2, 8, 0, 25)).isFalse();
    assertThat(isDone(0, 2, 8, 0, 26)).isTrue();
  }

  @Test
  void aLeaseThatAWorkerHoldsBeginsTheWaitAnew() {
    assertThat(isDone(0, 2, 7, 1, 0)).isFalse();
    assertThat(isDone(0, 2, 7, 1, 100)).isFalse();
    assertThat(isDone(0, 2, 7, 0, 112)).isFalse();
    assertThat(isDone(0, 2, 7, 0, 113)).isTrue();
  }

  private boolean isDone(
      long undelivered, long unacknowledged, long deliveries, long leases, int seconds) {
    return settling.isDone(
        new Books(undelivered, unacknowledged, deliveries, ACK_WAIT, ""),
        leases,
        Duration.ofSeconds(seconds).toNanos());
  }
}
