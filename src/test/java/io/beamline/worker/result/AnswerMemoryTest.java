package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.config.HeapShare;
import io.beamline.worker.support.LogLines;
import org.junit.jupiter.api.Test;

/** How much memory answers may take. */
class AnswerMemoryTest {

  private static final long MIB = 1024 * 1024;

  @Test
  void saysThatItIsLessThanWanted() {
    try (LogLines lines = new LogLines()) {
      assertThat(AnswerMemory.ofThisProcess(HeapShare.KNOWN_ANSWERS, MIB)).isEqualTo(MIB);
      assertThat(lines.all()).isEmpty();
      assertThat(AnswerMemory.ofThisProcess(HeapShare.KNOWN_ANSWERS, Long.MAX_VALUE))
          .isEqualTo(Runtime.getRuntime().maxMemory() / 4);
      assertThat(lines.all())
          .anyMatch(line -> line.contains("The heap is small") && line.contains("known answers"));
    }
  }
}
