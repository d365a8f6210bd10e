package io.beamline.worker.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareHashTest {

  /** Fixed for ever: another position would move assignments from one side to the other. */
  @ParameterizedTest
  @CsvSource({
    "'', 8437669077406501",
    "a, 4596324399134681",
    "assignment-1, 8121135069884604",
    "acme, 2045876745631033",
    "7d9f6a30-3c38-4d0f-9a5c-0d3c1a2b4e5f, 1285037372836964",
    "zürich-1, 3293706516468915",
  })
  void givesEachIdItsPosition(String id, long position) {
    assertThat(ShareHash.position(id)).isEqualTo(position);
  }

  /** Of ids that differ as little as ids do, each tenth has as many as it should. */
  @ParameterizedTest
  @CsvSource({"assignment-%d", "%08d", "a-%d-of-a-long-name-that-all-have", "%x"})
  void spreadsIdsEvenly(String pattern) {
    int ids = 20_000;
    int[] tenths = new int[10];
    IntStream.range(0, ids)
        .mapToObj(pattern::formatted)
        .forEach(id -> tenths[(int) (ShareHash.position(id) * 10.0 / ShareHash.SCALE)]++);

    assertThat(tenths).satisfies(all -> assertThat(IntStream.of(all)).allMatch(n -> n > 1_800));
    assertThat(IntStream.of(tenths).max().orElse(ids)).isLessThan(2_200);
  }
}
