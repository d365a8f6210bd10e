package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptCounterTest {

  private final Clock time = new Clock();
  private final AttemptCounter counter = new AttemptCounter(time, 2, Duration.ofSeconds(60), 3);

  @Test
  void refusesWhatIsOverTheLimitUntilTheWindowEnds() {
    assertThat(counter.attempt("a")).isZero();
    time.nanos += Duration.ofSeconds(20).toNanos();
    assertThat(counter.attempt("a")).isZero();
    assertThat(counter.attempt("a")).isEqualTo(Duration.ofSeconds(40));
    assertThat(counter.attempt("b")).isZero();

    time.nanos += Duration.ofSeconds(40).toNanos();
    assertThat(counter.attempt("a")).isZero();
  }

  @Test
  void forgetsAfterASuccess() {
    counter.attempt("a");
    counter.attempt("a");
    counter.forget("a");
    assertThat(counter.attempt("a")).isZero();
  }

  @Test
  void remembersTheBusiestWhenThereAreTooMany() {
    counter.attempt("guesser");
    counter.attempt("guesser");
    for (int i = 0; i < 100; i++) {
      counter.attempt("other " + i);
      assertThat(counter.attempt("guesser")).isPositive();
    }
  }

  @Test
  void keepsNothingOfWindowsThatHaveEnded() {
    counter.attempt("a");
    counter.attempt("b");
    time.nanos += Duration.ofSeconds(60).toNanos();
    counter.attempt("c");
    assertThat(counter.size()).isEqualTo(1);
  }

  /** A clock that is set by hand. */
  private static final class Clock implements TimeSource {

    private long nanos = Long.MAX_VALUE - 5;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long epochMillis() {
      return 0;
    }

    @Override
    public void sleep(Duration wait) {
      nanos += wait.toNanos();
    }
  }
}
