package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.config.QueueProperties.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class OverloadWatchTest {

  private final SwitchedFlags flags = new SwitchedFlags(true);
  private final List<String> told = new ArrayList<>();
  private final OverloadWatch watch =
      new OverloadWatch(
          new OverloadScale(100, new Thresholds(0.5, 0.8)),
          flags::queueManagement,
          (before, after, depth) ->
              told.add(before.wireName() + " " + after.wireName() + " " + depth));

  @Test
  void tellsEachChangeOnce() {
    IntStream.rangeClosed(0, 100).forEach(this::look);
    IntStream.rangeClosed(0, 100).map(depth -> 100 - depth).forEach(this::look);
    assertThat(told)
        .containsExactly(
            "healthy degraded 50",
            "degraded overloaded 80",
            "overloaded critical 100",
            "critical overloaded 94",
            "overloaded degraded 74",
            "degraded healthy 44");
  }

  @Test
  void tellsADepthThatSwingsAboutAThresholdOnce() {
    for (int i = 0; i < 1_000; i++) {
      look(100);
      look(99 - i % 5);
    }
    assertThat(told).containsExactly("healthy critical 100");
  }

  @Test
  void tellsNothingWhileQueueManagementIsOff() {
    flags.on = false;
    look(100);
    flags.on = true;
    look(90);
    flags.on = false;
    look(90);
    flags.on = true;
    look(90);
    assertThat(told).containsExactly("healthy overloaded 90", "healthy overloaded 90");
  }

  @RepeatedTest(20)
  void endsWithTheLastDepthHoweverManyThreadsLook() {
    AtomicInteger depth = new AtomicInteger();
    IntStream.range(0, 20_000)
        .parallel()
        .forEach(
            i -> {
              depth.set(i % 101);
              watch.check(depth::get);
            });
    look(0);
    assertThat(told.getLast()).endsWith(" healthy 0");
    for (int i = 1; i < told.size(); i++) {
      assertThat(told.get(i).split(" ", -1)[0]).isEqualTo(told.get(i - 1).split(" ", -1)[1]);
    }
  }

  private void look(int depth) {
    watch.check(() -> depth);
  }
}
