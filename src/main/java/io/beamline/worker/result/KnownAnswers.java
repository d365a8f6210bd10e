package io.beamline.worker.result;

import io.beamline.worker.config.HeapShare;
import io.beamline.worker.contract.ExecAssignmentAck.AckStatus;
import io.beamline.worker.contract.Overload;
import io.beamline.worker.result.RecordLog.FoundRecord;
import io.beamline.worker.timeout.TimeSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The latest answers. A redelivery gets its answer from here and does not run again (contract
 * section 6). Answers are kept for 10 minutes, in at most 64 MiB or a quarter of the heap. When
 * that is full, the oldest answers are removed, because redeliveries are likeliest for new ones.
 * They are kept as bytes: as objects they made the collector a fifth of the processor time of a
 * step that does nothing. Safe for several threads: every access is under the lock of this object.
 */
final class KnownAnswers {

  private static final Duration RETENTION = Duration.ofMinutes(10);
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private final TimeSource time;
  private final RecordLog answers;

  /**
   * Creates an empty store.
   *
   * @param maxBytes the memory for answers, in bytes
   */
  KnownAnswers(long maxBytes, TimeSource time) {
    this.time = time;
    this.answers = new RecordLog(maxBytes);
  }

  /** Creates an empty store with as much memory as this process can give. */
  static KnownAnswers ofThisProcess(TimeSource time) {
    return new KnownAnswers(AnswerMemory.ofThisProcess(HeapShare.KNOWN_ANSWERS, MAX_BYTES), time);
  }

  synchronized void remember(String assignmentId, KnownAnswer known) {
    long now = time.nanos();
    answers.put(assignmentId, now, known.size(), known::write);
    answers.drop(since -> isOld(since, now));
  }

  synchronized @Nullable KnownAnswer find(String assignmentId) {
    FoundRecord found = answers.find(assignmentId);
    return found == null || isOld(found.nanos(), time.nanos())
        ? null
        : KnownAnswer.read(found.content());
  }

  /** Returns the number of answers; for tests. */
  synchronized int count() {
    return answers.size();
  }

  private static boolean isOld(long sinceNanos, long nowNanos) {
    return nowNanos - sinceNanos >= RETENTION.toNanos();
  }

  /**
   * One answer, without the ids that a redelivery brings again.
   *
   * @param tenantId the tenant of the assignment, null if it named none
   * @param result the JSON of the result, null for a rejection without a result
   */
  record KnownAnswer(AckDecision decision, @Nullable String tenantId, byte @Nullable [] result) {

    private static final int NO_RESULT = -1;

    /** Whether it is of CP2, the time of the decision, the depth of the queue, and a length. */
    private static final int FIXED_BYTES = 1 + Long.BYTES + 2 * Integer.BYTES;

    /** Returns the size of what {@link #write} writes, in bytes. */
    int size() {
      Overload overload = decision.overload();
      int texts =
          ExactText.size(decision.status().name())
              + ExactText.size(decision.workerId())
              + ExactText.size(decision.reason())
              + ExactText.size(decision.detail())
              + ExactText.size(overload == null ? null : overload.status())
              + ExactText.size(tenantId);
      return Math.addExact(FIXED_BYTES + texts, result == null ? 0 : result.length);
    }

    void write(ByteBuffer target) {
      Overload overload = decision.overload();
      ExactText.write(decision.status().name(), target);
      target.put((byte) (decision.cp2() ? 1 : 0));
      target.putLong(decision.decidedAt());
      ExactText.write(decision.workerId(), target);
      ExactText.write(decision.reason(), target);
      ExactText.write(decision.detail(), target);
      ExactText.write(overload == null ? null : overload.status(), target);
      target.putInt(overload == null ? 0 : overload.queueDepth());
      ExactText.write(tenantId, target);
      if (result == null) {
        target.putInt(NO_RESULT);
      } else {
        target.putInt(result.length).put(result);
      }
    }

    /** Reads what {@link #write} has written. */
    static KnownAnswer read(ByteBuffer source) {
      AckStatus status = AckStatus.valueOf(text(source));
      boolean cp2 = source.get() == 1;
      long decidedAt = source.getLong();
      String workerId = text(source);
      String reason = ExactText.read(source);
      String detail = ExactText.read(source);
      String overloadStatus = ExactText.read(source);
      int queueDepth = source.getInt();
      Overload overload = overloadStatus == null ? null : new Overload(overloadStatus, queueDepth);
      String tenantId = ExactText.read(source);
      int length = source.getInt();
      byte[] result = length == NO_RESULT ? null : new byte[length];
      if (result != null) {
        source.get(result);
      }
      return new KnownAnswer(
          new AckDecision(status, reason, detail, overload, cp2, workerId, decidedAt),
          tenantId,
          result);
    }

    private static String text(ByteBuffer source) {
      return Objects.requireNonNull(ExactText.read(source));
    }
  }
}
