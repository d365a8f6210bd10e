package io.beamline.worker.flagstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WatchBackoffTest {

  private final WatchBackoff backoff = new WatchBackoff();

  @Test
  void growsFromOneSkippedPollToSixty() {
    List<Integer> tries =
        IntStream.range(0, 250).filter(poll -> failsUnlessSkipped()).boxed().toList();

    assertThat(tries).containsExactly(0, 2, 5, 10, 19, 36, 69, 130, 191);
  }

  @Test
  void restartsAfterASuccess() {
    IntStream.range(0, 100).forEach(poll -> failsUnlessSkipped());
    backoff.succeeded();

    assertThat(failsUnlessSkipped()).isTrue();
    assertThat(failsUnlessSkipped()).isFalse();
    assertThat(failsUnlessSkipped()).isTrue();
  }

  private boolean failsUnlessSkipped() {
    if (backoff.skips()) {
      return false;
    }
    backoff.failed();
    return true;
  }
}
