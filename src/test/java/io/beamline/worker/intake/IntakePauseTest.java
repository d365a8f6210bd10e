package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.WorkerHeartbeat;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.support.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IntakePauseTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final FakeTime time = new FakeTime();
  private final IntakePause pause = new IntakePause(time);
  private final PauseDetail detail = new PauseDetail(pause);

  @Test
  void isOffAtFirst() {
    assertThat(pause.isOn()).isFalse();
    assertThat(pause.pause()).isNull();
    assertThat(detail.details()).isNull();
  }

  @Test
  void lastsUntilItIsEnded() {
    pause.begin(new PauseOrder.Stop(null, null), "ann");
    time.advance(Duration.ofDays(100_000));
    assertThat(pause.isOn()).isTrue();
    assertThat(pause.pause()).isEqualTo(new WorkerHeartbeat.HeartbeatPause(null));
    assertThat(detail.details()).isEqualTo(Map.of("paused", true));

    pause.end("ben");

    assertThat(pause.isOn()).isFalse();
  }

  @Test
  void endsByItselfHoweverTheWallClockJumps() {
    Instant until = begin(MINUTE);
    assertThat(pause.pause()).isEqualTo(new WorkerHeartbeat.HeartbeatPause(until));
    assertThat(detail.details()).isEqualTo(Map.of("paused", true, "until", until.toString()));
    time.jumpWallClock(Duration.ofDays(1));
    time.advance(MINUTE.minusNanos(1));
    assertThat(pause.isOn()).isTrue();
    time.jumpWallClock(Duration.ofDays(-2));
    time.advance(Duration.ofNanos(1));
    assertThat(pause.isOn()).isFalse();
  }

  @Test
  void anotherPauseTakesItsPlace() {
    begin(MINUTE);
    begin(MINUTE.multipliedBy(3));
    time.advance(MINUTE.multipliedBy(2));
    assertThat(pause.isOn()).isTrue();
    begin(Duration.ofSeconds(1));
    time.advance(Duration.ofSeconds(1));
    assertThat(pause.isOn()).isFalse();
  }

  @Test
  void saysWhoPausedAndWhyItWentOn() {
    try (LogLines lines = new LogLines()) {
      begin(MINUTE);
      pause.end("ben");
      pause.end("ben");
      begin(MINUTE);
      time.advance(MINUTE);
      pause.end("too late");

      assertThat(lines.all().stream().filter(line -> line.contains("Intake")))
          .satisfiesExactly(
              line -> assertThat(line).contains("Intake paused", "by", "ann", "until", "2027-01-"),
              line -> assertThat(line).contains("Intake resumed", "by", "ben"),
              line -> assertThat(line).contains("Intake paused"),
              line -> assertThat(line).contains("Intake resumed", "its time was up"));
    }
  }

  @Test
  void endsOnceForAllWhoLook() throws InterruptedException {
    AtomicInteger off = new AtomicInteger();
    try (LogLines lines = new LogLines()) {
      begin(MINUTE);
      time.advance(MINUTE);
      Thread[] lookers = new Thread[8];
      for (int i = 0; i < lookers.length; i++) {
        lookers[i] = Thread.ofPlatform().start(() -> off.addAndGet(pause.isOn() ? 0 : 1));
      }
      for (Thread looker : lookers) {
        looker.join();
      }
      assertThat(off).hasValue(lookers.length);
      assertThat(lines.all().stream().filter(line -> line.contains("resumed"))).hasSize(1);
    }
  }

  private Instant begin(Duration length) {
    Instant until = Instant.ofEpochMilli(time.epochMillis()).plus(length);
    pause.begin(new PauseOrder.Stop(until, length), "ann");
    return until;
  }
}
