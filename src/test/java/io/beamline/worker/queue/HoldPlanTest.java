package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.queue.HoldPlan.PoolRoom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much is requested under the policy hold (contract section 5). */
class HoldPlanTest {

  /**
   * Of the pools io and cpu: the room now, the room at most, how many arrived, how many in a row.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nothing arrived yet: what suits any kind,        64, 1064, 0, 0,   4, 1002, 0, 0,     0,    4, 4",
    "one kind only: a full pool takes no more,         64, 1064, 0, 0,   0, 1000, 64, 64,   50,   0, 0",
    "one kind only: as much as its pool soon runs,     64, 1064, 0, 0,   2, 1000, 64, 64,   50,   2, 2",
    "one fast kind: more than suits any kind,          64, 1064, 0, 0, 900, 1900, 64, 64, 5000, 900, 64",
    "one fast kind after a pause: a burst is spread,   64, 1064, 0, 0, 900, 1900, 64, 64,    0,  64, 64",
    "both kinds: the shares decide,                    30, 1030, 32, 1,  4, 1000, 32, 0,   500,  60, 4",
    "a full pool does not stop the other,              30, 1030, 32, 1,  0,  900, 32, 0,   500,  60, 0",
    "a full pool stops the other near its limit,       30, 1030, 32, 1,  0,    7, 32, 0,   500,   7, 0",
    "and at its limit,                                 30, 1030, 32, 1,  0,    0, 32, 0,   500,   0, 0",
    "the last kinds were all for the full pool,        30, 1030, 4, 0,   0,  900, 60, 60,  500,   4, 0",
    "nothing arrived lately: a probe,                  30, 1030, 32, 1,  0,  900, 32, 0,     0,   8, 0",
    "one fast kind and a full pool for which none came, 900, 1900, 64, 64, 0, 1000, 0, 0, 5000,  64, 0",
    "one fast kind and a pool at its limit,           900, 1900, 64, 64,  0,    0, 0, 0,  5000,   0, 0",
    "both pools are full,                               0, 1000, 32, 1,  0,  900, 32, 0,   500,   0, 0",
  })
  void limits(
      String name,
      int ioRoom,
      int ioMost,
      int ioArrived,
      int ioInARow,
      int cpuRoom,
      int cpuMost,
      int cpuArrived,
      int cpuInARow,
      int arrivedLately,
      int messages,
      int forAnyMix) {
    List<PoolRoom> pools =
        List.of(
            room(ioRoom, ioMost, ioArrived, ioInARow),
            room(cpuRoom, cpuMost, cpuArrived, cpuInARow));

    assertThat(HoldPlan.limit(pools, arrivedLately))
        .as(name)
        .isEqualTo(new PullLimit(messages, forAnyMix));
  }

  /** A worker with a full pool meets a backlog that is for that pool alone. */
  @Test
  void neverHoardsABacklogOfOneKind() {
    int hoarded = 0;
    int inARow = 0;
    int others = 32;
    for (int asked = ask(others, inARow, hoarded);
        asked > 0;
        asked = ask(others, inARow, hoarded)) {
      hoarded += asked;
      inARow += asked;
      others = Math.max(0, Math.min(32, HoldPlan.MIXED_WITHIN - inARow));
    }

    assertThat(hoarded).isLessThanOrEqualTo(HoldPlan.MIXED_WITHIN);
  }

  private static int ask(int others, int inARow, int hoarded) {
    int full = Math.min(HoldPlan.MIXED_WITHIN - others, Math.max(inARow, 1));
    return HoldPlan.limit(
            List.of(room(64, 1_064, others, 0), room(0, 1_000 - hoarded, full, inARow)), 1_000)
        .messages();
  }

  private static PoolRoom room(int soonRun, int mayHold, int arrivals, int arrivedInARow) {
    return new PoolRoom(soonRun, soonRun, mayHold, arrivals, arrivedInARow);
  }
}
