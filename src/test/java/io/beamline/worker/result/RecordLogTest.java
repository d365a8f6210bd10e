package io.beamline.worker.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.beamline.worker.result.RecordLog.FoundRecord;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordLogTest {

  /** These keys have the same hash, by twos and fours. */
  private static final List<String> ALIKE = List.of("Aa", "BB", "AaAa", "BBBB", "AaBB", "BBAa");

  private static final int LIMIT = 512 * 1024;

  @RandomCases(40)
  void findsTheLatestRecordOfEachKeyAndForgetsTheOldest(RandomValues random) {
    RecordLog log = new RecordLog(LIMIT);
    Map<String, String> latest = new HashMap<>();
    List<String> written = new ArrayList<>();
    int keys = random.oneOf(List.of(1, 10, 3_000));
    int longest = random.oneOf(List.of(10, 600, 40_000));
    for (int i = 0; i < 1_000; i++) {
      String key = random.nextInt(10) == 0 ? random.oneOf(ALIKE) : "key-" + random.nextInt(keys);
      String value = i + "-" + "x".repeat(random.nextInt(longest));
      put(log, key, i, value);
      latest.put(key, value);
      written.add(key);
      assertThat(find(log, key)).isEqualTo(value);
    }
    int found = 0;
    for (Map.Entry<String, String> entry : latest.entrySet()) {
      String value = find(log, entry.getKey());
      if (value != null) {
        assertThat(value).isEqualTo(entry.getValue());
        found++;
      }
    }
    assertThat(log.size()).isEqualTo(found);
    int since = 0;
    for (String key : written.reversed()) {
      since += longest + 100;
      if (since > LIMIT / 4) {
        break;
      }
      assertThat(find(log, key)).as("one of the last, %s", key).isNotNull();
    }
  }

  /** Small records between large ones are not older than these. */
  @Test
  void forgetsInTheOrderInWhichItWasWritten() {
    RecordLog log = new RecordLog(LIMIT);
    List<String> written = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String key = "key-" + i;
      put(log, key, i, "x".repeat(i % 10 == 0 ? 10 : 10_000));
      written.add(key);
      List<Boolean> found = written.stream().map(each -> find(log, each) != null).toList();
      assertThat(found.subList(found.indexOf(true), found.size())).containsOnly(true);
    }
    assertThat(find(log, "key-0")).isNull();
  }

  @Test
  void dropsAllThatIsOld() {
    RecordLog log = new RecordLog(LIMIT);
    for (int i = 0; i < 1_000; i++) {
      put(log, "old-" + i, i, "x".repeat(200));
    }
    log.drop(nanos -> nanos < 500);
    assertThat(find(log, "old-0")).isNull();
    assertThat(find(log, "old-999")).isNotNull();
    assertThat(log.size()).isBetween(500, 700);
    log.drop(nanos -> true);
    assertThat(log.size()).isZero();
    put(log, "new", 2_000, "y");
    assertThat(find(log, "new")).isEqualTo("y");
  }

  /** A record that is written again in its place is as old as its last time. */
  @Test
  void keepsAChunkAsLongAsOneOfItsRecordsIsNew() {
    RecordLog log = new RecordLog(LIMIT);
    put(log, "a", 1, "x");
    put(log, "b", 1, "y");
    put(log, "a", 9, "z");
    log.drop(nanos -> nanos < 5);
    assertThat(find(log, "a")).isEqualTo("z");
    assertThat(Objects.requireNonNull(log.find("a")).nanos()).isEqualTo(9);
  }

  @Test
  void keepsNoRecordThatIsLargerThanItsLimitAndLosesNoOtherForIt() {
    RecordLog log = new RecordLog(LIMIT);
    put(log, "a", 1, "x");
    put(log, "b", 1, "y");
    put(log, "a", 1, "x".repeat(LIMIT));
    assertThat(find(log, "a")).as("an answer before the latest").isNull();
    assertThat(find(log, "b")).isEqualTo("y");
    assertThat(log.size()).isEqualTo(1);
  }

  /** Counts what this thread allocates: 20 MB of records go through the log. */
  @Test
  void writesIntoTheMemoryOfWhatItDrops() {
    RecordLog log = new RecordLog(LIMIT);
    byte[] value = new byte[1_000];
    for (int i = 0; i < 2_000; i++) {
      put(log, "key-" + i, value);
    }
    long before = allocatedBytes();
    for (int i = 2_000; i < 22_000; i++) {
      put(log, "key-" + i, value);
    }
    assertThat(allocatedBytes() - before).isLessThan(20_000 * 500);
    assertThat(log.size()).isBetween(300, 512);
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static void put(RecordLog log, String key, byte[] value) {
    log.put(key, 0, value.length, target -> target.put(value));
    log.drop(since -> false);
  }

  private static void put(RecordLog log, String key, long nanos, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    log.put(key, nanos, bytes.length, target -> target.put(bytes));
    log.drop(since -> false);
  }

  private static @Nullable String find(RecordLog log, String key) {
    FoundRecord found = log.find(key);
    return found == null ? null : UTF_8.decode(found.content()).toString();
  }
}
