package io.beamline.worker.cancellation;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.cancellation.RequestMemory.Remembered;
import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.contract.CancelTarget;
import io.beamline.worker.contract.CancelTarget.IdKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {

  private static final long HOUR = 3_600_000_000_000L;
  private static final long NOW = 17;

  private final RequestMemory memory = new RequestMemory(3, 1_000_000);

  @Test
  void findsARequestByEachIdOfItsTenantOnly() {
    remember(IdKind.ASSIGNMENT_ID, "a", 1);
    remember(IdKind.RUN_ID, "r", 2);
    remember(IdKind.FLOW_ID, "f", 3);

    assertThat(find("t", "a", null, null)).isEqualTo("a");
    assertThat(find("t", "x", "r", null)).isEqualTo("r");
    assertThat(find("t", "x", "x", "f")).isEqualTo("f");
    assertThat(find("t", "a", "r", "f")).isEqualTo("a");
    assertThat(find("t", "r", "f", "a")).isNull();
    assertThat(find("other", "a", "r", "f")).isNull();
  }

  @Test
  void knowsTheSameMessageAgain() {
    assertThat(remember(IdKind.RUN_ID, "r", 5)).isEqualTo(Remembered.NEW);
    assertThat(remember(IdKind.RUN_ID, "r", 5)).isEqualTo(Remembered.KNOWN);
    assertThat(remember(IdKind.RUN_ID, "r", 4)).isEqualTo(Remembered.KNOWN);
    assertThat(remember(IdKind.RUN_ID, "r", 6)).isEqualTo(Remembered.NEW);
    assertThat(memory.size()).isEqualTo(1);
  }

  @Test
  void forgetsTheOldestWhenThereIsNoRoom() {
    for (int i = 1; i <= 3; i++) {
      assertThat(remember(IdKind.ASSIGNMENT_ID, "a" + i, i)).isEqualTo(Remembered.NEW);
    }
    assertThat(remember(IdKind.ASSIGNMENT_ID, "a1", 4)).isEqualTo(Remembered.NEW);
    assertThat(remember(IdKind.ASSIGNMENT_ID, "a4", 5)).isEqualTo(Remembered.NEW_AND_FULL);
    assertThat(find("t", "a2", null, null)).isNull();
    assertThat(find("t", "a1", null, null)).isEqualTo("a1");
    assertThat(memory.size()).isEqualTo(3);
  }

  @Test
  void keepsToItsBytesButAlwaysHasTheNewest() {
    RequestMemory small = new RequestMemory(100, 1);
    for (int i = 1; i <= 3; i++) {
      small.remember(request("t", IdKind.RUN_ID, "r" + i, i, NOW + HOUR), NOW);
    }
    assertThat(small.size()).isEqualTo(1);
    assertThat(small.find("t", "x", "r3", null, NOW)).isNotNull();
  }

  @Test
  void forgetsWhatIsOlderThanAnHour() {
    memory.remember(request("t", IdKind.RUN_ID, "old", 1, NOW + 10), NOW);
    memory.remember(request("t", IdKind.RUN_ID, "new", 2, NOW + HOUR), NOW);

    assertThat(memory.find("t", "x", "old", null, NOW + 9)).isNotNull();
    assertThat(memory.find("t", "x", "old", null, NOW + 10)).isNull();
    assertThat(memory.find("t", "x", "new", null, NOW + 10)).isNotNull();
    memory.forgetExpired(NOW + 10);
    assertThat(memory.size()).isEqualTo(1);
    memory.forgetExpired(NOW + HOUR);
    assertThat(memory.size()).isZero();
  }

  private Remembered remember(IdKind kind, String id, long storedMillis) {
    return memory.remember(request("t", kind, id, storedMillis, NOW + HOUR), NOW);
  }

  private @Nullable String find(
      String tenant, String assignment, @Nullable String run, @Nullable String flow) {
    ReceivedRequest found = memory.find(tenant, assignment, run, flow, NOW);
    return found == null ? null : found.request().target().id();
  }

  private static ReceivedRequest request(
      String tenant, IdKind kind, String id, long storedMillis, long endNanos) {
    return new ReceivedRequest(
        new CancelRequest(new CancelTarget(tenant, kind, id), null, null, null),
        storedMillis,
        NOW,
        endNanos);
  }
}
