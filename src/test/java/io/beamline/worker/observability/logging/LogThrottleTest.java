package io.beamline.worker.observability.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.LogLines;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogThrottleTest {

  private static final Logger log = LoggerFactory.getLogger(LogThrottleTest.class);

  private final AtomicLong nanos = new AtomicLong(-10);
  private final LogThrottle throttle = new LogThrottle(new Clock(), Duration.ofSeconds(1));
  private final LogLines lines = new LogLines();

  @AfterEach
  void close() {
    lines.close();
  }

  @Test
  void writesOneLinePerIntervalAndSaysHowManyItLeftOut() {
    for (int i = 0; i < 5; i++) {
      log("a");
    }
    log("b");
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    log("a");
    log("a");
    assertThat(lines.all()).containsExactly("a null", "b null", "a [suppressed=\"4\"]");
  }

  @Test
  void saysAtLastWhatItLeftOut() {
    log("a");
    throttle.flush();
    log("a");
    log("a");
    log("a");
    throttle.flush();
    throttle.flush();
    assertThat(lines.all()).containsExactly("a null", "a [suppressed=\"2\"]");
  }

  @Test
  void losesNoneOfManyThreads() {
    IntStream.range(0, 10_000)
        .parallel()
        .forEach(
            i -> {
              nanos.addAndGet(1_000_000);
              log("a");
            });
    throttle.flush();
    assertThat(lines.all().stream().mapToLong(LogThrottleTest::lines).sum()).isEqualTo(10_000);
  }

  @Test
  void keepsABoundedNumberOfKinds() {
    for (int i = 0; i < 5_000; i++) {
      log("kind " + i);
    }
    assertThat(lines.all()).hasSizeLessThan(1_005);
  }

  private void log(String kind) {
    throttle.log(log.atWarn(), kind);
  }

  private static long lines(String line) {
    String suppressed = line.replaceAll("\\D", "");
    return suppressed.isEmpty() ? 1 : Long.parseLong(suppressed) + 1;
  }

  /** A clock that is set by hand. */
  private final class Clock implements TimeSource {

    @Override
    public long nanos() {
      return nanos.get();
    }

    @Override
    public long epochMillis() {
      return 0;
    }

    @Override
    public void sleep(Duration time) {}
  }
}
