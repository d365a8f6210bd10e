package io.beamline.worker.cancellation;

import io.beamline.worker.contract.CancelTarget;
import io.beamline.worker.contract.CancelTarget.IdKind;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The requests of the last hour, one for each target. When there is no room, the oldest go first.
 * Finding one takes constant time, and no lock while there is none. Thread-safe: the lock of this
 * object guards the requests.
 */
final class RequestMemory {

  private final int maxRequests;
  private final long maxBytes;
  private final SequencedMap<CancelTarget, ReceivedRequest> requests = new LinkedHashMap<>();
  private long bytes;

  /** The number of requests. Changed under the lock, read without it. */
  private volatile int size;

  /**
   * Creates an empty memory.
   *
   * @param maxRequests the most requests, 1 or more
   * @param maxBytes the memory that they may take, estimated
   */
  RequestMemory(int maxRequests, long maxBytes) {
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
  }

  /** What became of a request that was to be remembered. */
  enum Remembered {
    /** It is new. */
    NEW,
    /** It is new, and older ones had to go for lack of room. */
    NEW_AND_FULL,
    /** It was known already: it is the same message, or an older one. */
    KNOWN
  }

  /** Remembers a request. A newer one for the same target replaces it. */
  synchronized Remembered remember(ReceivedRequest received, long nowNanos) {
    CancelTarget target = received.request().target();
    ReceivedRequest known = requests.get(target);
    if (known != null && known.storedMillis() >= received.storedMillis()) {
      return Remembered.KNOWN;
    }
    remove(target);
    requests.put(target, received);
    bytes += received.weight();
    forgetExpired(nowNanos);
    boolean full = false;
    while (requests.size() > maxRequests || (bytes > maxBytes && requests.size() > 1)) {
      remove(requests.firstEntry().getKey());
      full = true;
    }
    size = requests.size();
    return full ? Remembered.NEW_AND_FULL : Remembered.NEW;
  }

  /**
   * Returns a request that is for an assignment, or null if there is none.
   *
   * @param runId the id of its run, or null
   * @param flowId the id of its flow, or null
   */
  @Nullable ReceivedRequest find(
      String tenantId,
      String assignmentId,
      @Nullable String runId,
      @Nullable String flowId,
      long nowNanos) {
    return size == 0 ? null : lookUp(tenantId, assignmentId, runId, flowId, nowNanos);
  }

  /** Forgets the requests that no longer hold. Called now and then. */
  synchronized void forgetExpired(long nowNanos) {
    Iterator<ReceivedRequest> oldest = requests.values().iterator();
    while (oldest.hasNext()) {
      ReceivedRequest received = oldest.next();
      if (!received.hasExpired(nowNanos)) {
        break;
      }
      oldest.remove();
      bytes -= received.weight();
    }
    size = requests.size();
  }

  /** Returns the number of requests, without a lock. */
  int size() {
    return size;
  }

  private synchronized @Nullable ReceivedRequest lookUp(
      String tenantId,
      String assignmentId,
      @Nullable String runId,
      @Nullable String flowId,
      long nowNanos) {
    ReceivedRequest found = lookUp(tenantId, IdKind.ASSIGNMENT_ID, assignmentId, nowNanos);
    if (found == null) {
      found = lookUp(tenantId, IdKind.RUN_ID, runId, nowNanos);
    }
    return found == null ? lookUp(tenantId, IdKind.FLOW_ID, flowId, nowNanos) : found;
  }

  private @Nullable ReceivedRequest lookUp(
      String tenantId, IdKind kind, @Nullable String id, long nowNanos) {
    ReceivedRequest received =
        id == null ? null : requests.get(new CancelTarget(tenantId, kind, id));
    return received == null || received.hasExpired(nowNanos) ? null : received;
  }

  private void remove(CancelTarget target) {
    ReceivedRequest removed = requests.remove(target);
    if (removed != null) {
      bytes -= removed.weight();
    }
  }
}
