package io.beamline.worker.contract.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.RouterRules;
import io.beamline.worker.contract.WorkerHeartbeat;
import io.beamline.worker.support.RouterOracle;
import io.beamline.worker.support.Subjects;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Encodes messages, has the Router's oracle check them and returns their JSON. */
final class RouterCheck {

  private final String subject;
  private final Map<String, List<String>> headers = new LinkedHashMap<>();

  private RouterCheck(String subject, AssignmentIdentity identity) {
    this.subject = subject;
    header("version", "1");
    header("tenant_id", identity.tenantId());
    header("trace_id", identity.correlation().traceId());
  }

  static JsonNode accepted(ExecAssignmentAck ack, String phase) {
    return new RouterCheck(Subjects.STANDARD.ack(), ack.identity())
        .header("Nats-Msg-Id", ack.identity().assignmentId() + ".ack")
        .header("cp_phase", phase)
        .accepted(MessageEncoder.encode(ack));
  }

  static JsonNode accepted(ExecResult result, String phase) {
    return new RouterCheck(Subjects.STANDARD.result(), result.identity())
        .header("Nats-Msg-Id", result.identity().assignmentId() + ".result")
        .header("cp_phase", phase)
        .accepted(MessageEncoder.encode(result));
  }

  static JsonNode accepted(WorkerHeartbeat heartbeat) {
    return new RouterCheck(Subjects.STANDARD.heartbeat(), AssignmentIdentity.UNKNOWN)
        .accepted(MessageEncoder.encode(heartbeat));
  }

  static JsonNode accepted(DeadLetter letter, byte[] encoded) {
    return new RouterCheck(Subjects.STANDARD.dlq(), letter.result().identity())
        .header("x-dlq-reason", letter.reason().wireName())
        .accepted(encoded);
  }

  private RouterCheck header(String name, @Nullable String value) {
    if (RouterRules.isHeaderValue(value) && value != null && !value.isBlank()) {
      headers.put(name, List.of(value));
    }
    return this;
  }

  private JsonNode accepted(byte[] body) {
    assertThat(RouterOracle.judge(subject, headers, body)).isEmpty();
    return Sample.json(body);
  }
}
