package io.beamline.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AssignmentMemoryTest {

  private final AtomicLong held = new AtomicLong();
  private final AssignmentMemory memory =
      new AssignmentMemory(
          held::get, 100, new LogThrottle(TimeSource.system(), Duration.ofMinutes(1)));

  @Test
  void hasRoomBelowItsLimit() {
    held.set(99);
    assertThat(memory.hasRoom()).isTrue();
    held.set(100);
    assertThat(memory.hasRoom()).isFalse();
  }

  @Test
  void logsOnceThatItIsFull() {
    held.set(100);
    try (LogLines lines = new LogLines()) {
      memory.hasRoom();
      memory.hasRoom();
      assertThat(lines.all())
          .filteredOn(line -> line.contains("memory for assignments is full"))
          .hasSize(1);
    }
  }

  /** It looks at eight bytes at a time; a difference shows at some place of some length. */
  @Test
  void countsCommasAndColonsWhereverTheyAre() {
    long empty = AssignmentMemory.estimate(new byte[0]);
    for (int length = 1; length <= 24; length++) {
      for (int place = 0; place < length; place++) {
        byte[] none = new byte[length];
        Arrays.fill(none, (byte) (place % 2 == 0 ? 0xAC : '-'));
        byte[] one = none.clone();
        one[place] = (byte) (length % 2 == 0 ? ',' : ':');
        assertThat(AssignmentMemory.estimate(none)).isEqualTo(empty + length);
        assertThat(AssignmentMemory.estimate(one) - AssignmentMemory.estimate(none)).isEqualTo(40);
      }
    }
    byte[] all = ",:".repeat(50).getBytes(UTF_8);
    assertThat(AssignmentMemory.estimate(all)).isEqualTo(empty + 100 + 100 * 40);
  }

  /** A text takes about its length; a list of small numbers takes many times its text. */
  @Test
  void countsWhatTheValuesOfAMessageTake() {
    byte[] text = ("\"" + "x".repeat(99_998) + "\"").getBytes(UTF_8);
    byte[] numbers = ("[" + "1,".repeat(49_999) + "1]").getBytes(UTF_8);

    assertThat(AssignmentMemory.estimate(text)).isBetween(100_000L, 110_000L);
    assertThat(AssignmentMemory.estimate(numbers)).isGreaterThan(2_000_000L);
  }
}
