package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UnfinishedGrowthTest {

  private final UnfinishedGrowth growth = new UnfinishedGrowth(() -> 0);

  @Test
  void saysEachDoublingOnce() {
    assertThat(said(LongStream.rangeClosed(0, 20_000).toArray()))
        .containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L);
  }

  @Test
  void saysSeveralDoublingsAtOnceInOneLine() {
    assertThat(said(9_000, 9_500, 15_999, 16_000)).containsExactly(9_000L, 16_000L);
  }

  @Test
  void saysNothingOfFew() {
    assertThat(said(999, 0, 999)).isEmpty();
  }

  @Test
  void saysItAnewOnlyAfterAClearDecline() {
    assertThat(said(2_000, 1_500, 2_000, 3_999, 900, 1_999, 2_000, 100, 1_000))
        .containsExactly(2_000L, 2_000L, 1_000L);
  }

  private List<Long> said(long... numbers) {
    return LongStream.of(numbers).filter(growth::record).boxed().toList();
  }
}
