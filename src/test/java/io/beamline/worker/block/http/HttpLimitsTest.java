package io.beamline.worker.block.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.http.HttpLimits.Limit;
import io.beamline.worker.block.http.HttpLimits.TimeoutKind;
import io.beamline.worker.block.http.RequestProgress.PhaseStart;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpLimitsTest {

  /** A clock close to its overflow: only differences may count. */
  private static final long START = Long.MAX_VALUE - 1_000;

  @ParameterizedTest
  @CsvSource({
    // attempt, connect, response, deadline, phase, phase began, now: cut, left
    "30, 0, 0, 0, WAITING, 0, 10, TOTAL, 20",
    "30, 0, 0, 0, RECEIVING, 9, 10, TOTAL, 20",
    "30, 0, 0, 30, RECEIVING, 9, 10, DEADLINE, 20",
    "30, 0, 0, 20, RECEIVING, 9, 10, DEADLINE, 10",
    "30, 5, 9, 0, WAITING, 0, 4, CONNECT, 1",
    "30, 5, 9, 0, CONNECTING, 3, 4, CONNECT, 4",
    "30, 5, 9, 0, HANDSHAKING, 8, 14, HANDSHAKE, -1",
    "30, 5, 9, 0, SENDING, 8, 14, RESPONSE, 3",
    "30, 0, 0, 0, SENDING, 8, 14, TOTAL, 16",
    "30, 5, 9, 0, RECEIVING, 8, 14, RESPONSE, 3",
    "30, 5, 9, 0, RECEIVING, 25, 26, TOTAL, 4",
    "0, 5, 9, 0, RECEIVING, 25, 26, RESPONSE, 8",
    "0, 5, 9, 27, RECEIVING, 25, 26, DEADLINE, 1",
    "0, 5, 9, 5, WAITING, 0, 0, DEADLINE, 5",
  })
  void theEarliestLimitComesFirst(
      long attempt,
      long connect,
      long response,
      long deadline,
      Phase phase,
      long since,
      long now,
      TimeoutKind kind,
      long left) {
    OperationTimeouts timeouts =
        new OperationTimeouts(
            seconds(attempt),
            seconds(connect),
            seconds(response),
            seconds(0),
            seconds(0),
            seconds(0),
            seconds(0),
            seconds(0),
            seconds(0));
    HttpLimits limits =
        new HttpLimits(
            timeouts,
            deadline == 0 ? Deadline.never() : Deadline.after(START, Duration.ofSeconds(deadline)),
            START);

    Limit first = limits.earliest(new PhaseStart(phase, at(since)), at(now));

    assertThat(first.kind()).isEqualTo(kind);
    assertThat(first.left()).isEqualTo(Duration.ofSeconds(left));
  }

  /** A phase that begins right after the look must not pass its limit unseen. */
  @ParameterizedTest
  @CsvSource({
    // connect, response, what is left: the next look
    "5, 9, 20, 5",
    "9, 5, 20, 5",
    "5, 9, 4, 4",
    "0, 0, 4, 4",
  })
  void nextCheckComesBeforeAnyPhaseCanPassItsLimit(
      long connect, long response, long left, long nextCheck) {
    OperationTimeouts timeouts =
        new OperationTimeouts(
            seconds(0),
            seconds(connect),
            seconds(response),
            seconds(0),
            seconds(0),
            seconds(0),
            seconds(0),
            seconds(0),
            seconds(0));
    HttpLimits limits = new HttpLimits(timeouts, Deadline.never(), START);

    assertThat(limits.nextCheck(new Limit(TimeoutKind.TOTAL, seconds(30), seconds(left))))
        .isEqualTo(seconds(nextCheck));
  }

  @Test
  void withoutLimitsThereIsTimeForEver() {
    OperationTimeouts none = OperationTimeouts.cp1(OperationTimeouts.UNLIMITED);
    HttpLimits limits = new HttpLimits(none, Deadline.never(), START);

    assertThat(limits.earliest(new PhaseStart(Phase.SENDING, START), at(60)).left())
        .isGreaterThan(Duration.ofDays(36_500));
  }

  private static Duration seconds(long seconds) {
    return seconds == 0 ? OperationTimeouts.UNLIMITED : Duration.ofSeconds(seconds);
  }

  private static long at(long seconds) {
    return START + Duration.ofSeconds(seconds).toNanos();
  }
}
