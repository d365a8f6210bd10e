package io.beamline.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapShareTest {

  private static final long HEAP = 800;

  @ParameterizedTest
  @CsvSource({
    "ASSIGNMENTS, 200",
    "CONTENT, 100",
    "UNPUBLISHED_ANSWERS, 200",
    "KNOWN_ANSWERS, 200",
    "CANCEL_REQUESTS, 50"
  })
  void isThePartThatTheContractNames(HeapShare share, long bytes) {
    assertThat(share.bytesOf(HEAP)).isEqualTo(bytes);
  }

  @Test
  void leavesAPartOfTheHeapForAllElse() {
    assertThat(Stream.of(HeapShare.values()).mapToLong(share -> share.bytesOf(HEAP)).sum())
        .isLessThan(HEAP);
  }

  @Test
  void isAShareOfThisProcess() {
    assertThat(HeapShare.CONTENT.bytes()).isEqualTo(Runtime.getRuntime().maxMemory() / 8);
  }
}
