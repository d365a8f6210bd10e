package io.beamline.worker.result;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.MessageEncoder;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import org.jspecify.annotations.Nullable;

/** Makes messages fit into the server's {@code max_payload} (contract section 4). Pure. */
final class Fitting {

  private static final int LONGEST_TEXT = 256;

  private Fitting() {}

  /** The ack, with its texts cut when it would not fit. */
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

  /** QUOTA_EXCEEDED in the place of a result that does not fit; never lost. */
  static ExecResult result(ExecResult result, int size, int room) {
    StepError error = ResultLimit.exceeded(size, room);
    ExecResult replaced = result.withOutcome(new StepOutcome.Failure(error));
    return MessageEncoder.encode(replaced).length <= room ? replaced : shortened(replaced);
  }

  /** The same result with its texts cut. */
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

  /** Never through the middle of a character; what was cut shows it, and fits no header. */
  private static @Nullable String cut(@Nullable String text) {
    if (text == null || text.length() <= LONGEST_TEXT) {
      return text;
    }
    int end = LONGEST_TEXT - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
