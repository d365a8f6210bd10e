package io.beamline.worker.result;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.json.MessageEncoder;
import org.jspecify.annotations.Nullable;

/** Makes messages small enough for the server's {@code max_payload} (contract section 2). */
final class MessageShortener {

  private static final int MAX_TEXT_LENGTH = 256;

  private MessageShortener() {}

  /**
   * Writes an ack. Its texts are cut if it would be too large.
   *
   * @param room the largest body, in bytes
   */
  static byte[] ack(ExecAssignmentAck ack, int room) {
    byte[] body = MessageEncoder.encode(ack);
    if (body.length <= room) {
      return body;
    }
    return MessageEncoder.encode(
        new ExecAssignmentAck(
            cut(ack.identity()),
            ack.status(),
            ack.reason(),
            cut(ack.detail()),
            ack.overload(),
            ack.workerId(),
            ack.acknowledgedAt()));
  }

  /**
   * Returns the QUOTA_EXCEEDED error that replaces a result.
   *
   * @param size the size of the result, in bytes
   * @param room the largest body, in bytes
   */
  static ExecResult quotaExceeded(ExecResult result, int size, int room) {
    StepError error = ResultLimit.exceeded(size, room);
    ExecResult replaced = result.withOutcome(new StepOutcome.Failure(error));
    return MessageEncoder.encode(replaced).length <= room ? replaced : shortened(replaced);
  }

  /** Returns the same result with the texts of its identity cut to 256 characters. */
  static ExecResult shortened(ExecResult result) {
    return result.withIdentity(cut(result.identity()));
  }

  private static AssignmentIdentity cut(AssignmentIdentity identity) {
    Correlation ids = identity.correlation();
    return new AssignmentIdentity(
        identity.assignmentId(),
        identity.requestId(),
        identity.tenantId(),
        cut(identity.providerId()),
        cut(identity.jobType()),
        new Correlation(
            cut(ids.traceId()), cut(ids.runId()), cut(ids.flowId()), cut(ids.stepId())));
  }

  /**
   * Cuts a text to 256 {@code char} values, never inside a surrogate pair. The cut text ends with
   * an ellipsis, which is not ASCII, so that no header takes it.
   */
  private static @Nullable String cut(@Nullable String text) {
    if (text == null || text.length() <= MAX_TEXT_LENGTH) {
      return text;
    }
    int end = MAX_TEXT_LENGTH - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
