package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Compared with a map. The place of a record stands for its key here. */
class RecordIndexTest {

  @RandomCases(100)
  void findsWhatAMapFinds(RandomValues random) {
    RecordIndex index = new RecordIndex();
    Map<Long, Integer> hashes = new HashMap<>();
    int differentHashes = random.oneOf(List.of(1, 3, 40, 5_000));
    long places = 0;
    for (int i = 0; i < 3_000; i++) {
      if (hashes.isEmpty() || random.nextInt(5) > 1) {
        int hash = random.nextInt(differentHashes) * random.oneOf(List.of(1, 1 << 20));
        index.add(hash, places);
        hashes.put(places++, hash);
      } else {
        long gone = random.oneOf(new ArrayList<>(hashes.keySet()));
        index.remove(Objects.requireNonNull(hashes.remove(gone)), gone);
      }
    }
    assertThat(index.size()).isEqualTo(hashes.size());
    for (long place = 0; place < places; place++) {
      Integer hash = hashes.get(place);
      long wanted = place;
      for (int any = 0; any < (hash == null ? Math.min(differentHashes, 20) : 1); any++) {
        int slot = index.slotOf(hash == null ? any : hash, found -> found == wanted);
        assertThat(slot == RecordIndex.NONE ? -1 : index.place(slot))
            .isEqualTo(hash == null ? -1 : place);
      }
    }
  }

  @Test
  void removesNothingElse() {
    RecordIndex index = new RecordIndex();
    index.add(7, 0);
    index.add(7, 1);
    index.remove(7, 2);
    index.remove(8, 0);
    assertThat(index.size()).isEqualTo(2);
    index.move(index.slotOf(7, place -> place == 0), 5);
    index.remove(7, 0);
    assertThat(index.size()).as("the record that moved is there").isEqualTo(2);
    index.remove(7, 5);
    assertThat(index.size()).isEqualTo(1);
    assertThat(index.slotOf(7, place -> place == 1)).isNotEqualTo(RecordIndex.NONE);
  }

  @Test
  void takesTwiceItsMemoryWhenItIsHalfFull() {
    RecordIndex index = new RecordIndex();
    long first = index.bytes();
    int added = 0;
    while (index.bytes() == first) {
      index.add(added, added);
      added++;
    }
    assertThat(index.bytes()).isEqualTo(2 * first);
    assertThat(added).isEqualTo(513);
  }
}
