package io.beamline.worker.contract.json;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.AttemptReport;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.contract.WorkerHeartbeat;
import java.time.Instant;
import java.util.List;

/** Writes the worker's messages as JSON in UTF-8 (contract section 2). Pure. */
public final class MessageEncoder {

  /** The version of every message. */
  public static final String VERSION = "1";

  /**
   * The {@code tenant_id} of an answer whose tenant is not known. The Router discards answers
   * without one (contract section 1).
   */
  public static final String UNKNOWN_TENANT = "unknown";

  private MessageEncoder() {}

  /** Returns an ack as JSON. */
  public static byte[] encode(ExecAssignmentAck ack) {
    return JsonWriter.object(
        json -> {
          AssignmentIdentity identity = ack.identity();
          writeIds(json, identity);
          json.text("status", ack.status().wireName())
              .text("reason", ack.reason())
              .text("message", ack.reason());
          writeTrace(json, identity.correlation());
          writeCorrelation(json, identity.correlation());
          json.number("acknowledged_at", ack.acknowledgedAt());
          Overload overload = ack.overload();
          if (overload != null) {
            json.text("overload_status", overload.status())
                .number("queue_depth", overload.queueDepth());
          }
          json.object(
              "metadata",
              meta -> meta.text("worker_id", ack.workerId()).text("detail", ack.detail()));
        });
  }

  /** Returns a result as JSON. */
  public static byte[] encode(ExecResult result) {
    return JsonWriter.object(json -> writeResult(json, result, result.outcome().status()));
  }

  /** Returns a heartbeat as JSON. */
  public static byte[] encode(WorkerHeartbeat heartbeat) {
    return JsonWriter.object(
        json ->
            json.text("version", VERSION)
                .text("worker_id", heartbeat.workerId())
                .text("timestamp", heartbeat.timestamp().toString())
                .text("status", heartbeat.status().wireName())
                .object(
                    "resources",
                    resources ->
                        resources
                            .number("cpu", heartbeat.cpu())
                            .number("gpu", 0.0)
                            .number("mem_bytes", heartbeat.memBytes())
                            .number("jobs_in_flight", heartbeat.jobsInFlight()))
                .object(
                    "metadata",
                    metadata -> {
                      if (heartbeat.queueDepth() != null) {
                        metadata.value("queue_depth", heartbeat.queueDepth());
                      }
                      if (!heartbeat.cp2().isEmpty()) {
                        metadata.value("cp2", heartbeat.cp2());
                      }
                      if (heartbeat.pause() != null) {
                        writePause(metadata, heartbeat.pause());
                      }
                    }));
  }

  private static void writePause(JsonWriter metadata, WorkerHeartbeat.HeartbeatPause pause) {
    Instant until = pause.until();
    metadata.object(
        "intake",
        intake ->
            intake.flag("paused", true).text("until", until == null ? null : until.toString()));
  }

  /**
   * Writes the fields of a result into an object.
   *
   * @param status the {@code status} to write, which differs from the outcome's in a dead letter
   */
  static void writeResult(JsonWriter json, ExecResult result, StepStatus status) {
    AssignmentIdentity identity = result.identity();
    Correlation correlation = identity.correlation();
    writeIds(json, identity);
    json.text("status", status.wireName())
        .text("provider_id", identity.providerId())
        .object("job", job -> job.text("type", identity.jobType()));
    switch (result.outcome()) {
      case StepOutcome.Success success -> writeOutputs(json, success.outputs());
      case StepOutcome.Failure failure -> writeError(json, failure.error());
    }
    json.number("latency_ms", result.latencyMs())
        .number("cost", cost(result.outcome()))
        .number("timestamp", result.timestamp())
        .number("retries_used", result.retriesUsed());
    writeTrace(json, correlation);
    if (correlation.runIdsAtTopLevel()) {
      json.text("run_id", correlation.runId())
          .text("flow_id", correlation.flowId())
          .text("step_id", correlation.stepId());
    }
    writeCorrelation(json, correlation);
    writeCp2(json, result.cp2());
  }

  private static void writeIds(JsonWriter json, AssignmentIdentity identity) {
    String tenantId = identity.tenantId();
    json.text("version", VERSION)
        .text("assignment_id", identity.assignmentId())
        .text("request_id", identity.requestId())
        .text("tenant_id", tenantId != null ? tenantId : UNKNOWN_TENANT);
  }

  private static void writeTrace(JsonWriter json, Correlation correlation) {
    if (correlation.traceIdAtTopLevel()) {
      json.text("trace_id", correlation.traceId());
    }
  }

  private static void writeCorrelation(JsonWriter json, Correlation correlation) {
    json.object(
        "correlation",
        ids ->
            ids.text("trace_id", correlation.traceId())
                .text("run_id", correlation.runId())
                .text("flow_id", correlation.flowId())
                .text("step_id", correlation.stepId()));
  }

  private static void writeOutputs(JsonWriter json, Outputs outputs) {
    switch (outputs) {
      case Outputs.Fields fields -> json.value("result", fields.values());
      case Outputs.RawObject raw -> json.raw("result", raw.object());
      case Outputs.Metered metered -> writeOutputs(json, metered.outputs());
    }
  }

  private static double cost(StepOutcome outcome) {
    return outcome instanceof StepOutcome.Success(Outputs.Metered metered) ? metered.cost() : 0.0;
  }

  private static void writeError(JsonWriter json, StepError error) {
    json.text("error_code", error.code().name())
        .text("error_type", error.type().wireName())
        .text("error_message", error.message())
        .object(
            "error",
            body ->
                body.text("code", error.code().name())
                    .text("message", error.message())
                    .flag("retryable", error.retryable())
                    .value("details", error.details()));
  }

  private static void writeCp2(JsonWriter json, ExecResult.Cp2 cp2) {
    json.optional("elapsed_ms", cp2.elapsedMs())
        .optional("queue_depth", cp2.queueDepth())
        .text("overload_status", cp2.overloadStatus());
    List<AttemptReport> attempts = cp2.attempts();
    if (attempts != null) {
      json.objects("attempts", attempts, MessageEncoder::writeAttempt);
    }
  }

  private static void writeAttempt(JsonWriter json, AttemptReport attempt) {
    ErrorCode code = attempt.errorCode();
    json.number("attempt", attempt.attempt())
        .text("status", attempt.status().wireName())
        .text("error_code", code == null ? null : code.name())
        .optional("http_status", attempt.httpStatus())
        .number("latency_ms", attempt.latencyMs())
        .number("backoff_ms", attempt.backoffMs());
  }
}
