package io.beamline.worker.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogThrottleTest {

  private final AtomicLong nanos = new AtomicLong(-10);
  private final LogThrottle throttle = new LogThrottle(new Clock(), Duration.ofSeconds(1));
  private final List<String> lines = new ArrayList<>();

  @Test
  void writesOneLinePerIntervalAndSaysHowManyItLeftOut() {
    for (int i = 0; i < 5; i++) {
      log("a");
    }
    log("b");
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    log("a");
    log("a");
    assertThat(lines).containsExactly("a 0", "b 0", "a 4");
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
    assertThat(lines).containsExactly("a 0", "a 2");
  }

  @Test
  void losesNoneOfManyThreads() {
    AtomicLong seen = new AtomicLong();
    IntStream.range(0, 10_000)
        .parallel()
        .forEach(
            i -> {
              nanos.addAndGet(1_000_000);
              throttle.log("a", suppressed -> seen.addAndGet(suppressed + 1));
            });
    throttle.flush();
    assertThat(seen).hasValue(10_000);
  }

  @Test
  void keepsABoundedNumberOfKinds() {
    for (int i = 0; i < 5_000; i++) {
      log("kind " + i);
    }
    assertThat(lines).hasSizeLessThan(1_005);
  }

  private void log(String kind) {
    throttle.log(kind, suppressed -> lines.add(kind + " " + suppressed));
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
