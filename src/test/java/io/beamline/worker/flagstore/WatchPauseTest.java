package io.beamline.worker.flagstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WatchPauseTest {

  private final WatchPause pause = new WatchPause();

  @Test
  void growsFromOneLookToSixty() {
    List<Integer> tries =
        IntStream.range(0, 250).filter(look -> failsUnlessLeftOut()).boxed().toList();

    assertThat(tries).containsExactly(0, 2, 5, 10, 19, 36, 69, 130, 191);
  }

  @Test
  void beginsAnewOnceItWentWell() {
    IntStream.range(0, 100).forEach(look -> failsUnlessLeftOut());
    pause.end();

    assertThat(failsUnlessLeftOut()).isTrue();
    assertThat(failsUnlessLeftOut()).isFalse();
    assertThat(failsUnlessLeftOut()).isTrue();
  }

  private boolean failsUnlessLeftOut() {
    if (pause.leavesOut()) {
      return false;
    }
    pause.failed();
    return true;
  }
}
