package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.LogLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much memory answers may take. */
class AnswerMemoryTest {

  private static final long MIB = 1024 * 1024;

  @ParameterizedTest
  @CsvSource({"128, 32", "200, 50", "256, 64", "512, 64", "8192, 64"})
  void takesWhatIsWantedOrAQuarterOfASmallHeap(long heap, long bound) {
    assertThat(AnswerMemory.bound(64 * MIB, heap * MIB)).isEqualTo(bound * MIB);
  }

  @Test
  void saysThatItIsLessThanWanted() {
    try (LogLines lines = new LogLines()) {
      assertThat(AnswerMemory.ofThisProcess("a test", MIB)).isEqualTo(MIB);
      assertThat(lines.all()).isEmpty();
      assertThat(AnswerMemory.ofThisProcess("a test", Long.MAX_VALUE))
          .isEqualTo(Runtime.getRuntime().maxMemory() / 4);
      assertThat(lines.all()).anyMatch(line -> line.contains("The heap is small"));
    }
  }
}
