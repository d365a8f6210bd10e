package io.beamline.worker.block.nats;

import static io.beamline.worker.contract.ErrorCode.NETWORK_ERROR;
import static io.beamline.worker.contract.ErrorCode.PERMISSION_DENIED;
import static io.beamline.worker.contract.ErrorCode.QUOTA_EXCEEDED;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.ClientCall;
import io.beamline.worker.block.InputPlace;
import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.nats.ReplyOutcome.ConnectionLost;
import io.beamline.worker.block.nats.ReplyOutcome.PublicationRefused;
import io.beamline.worker.block.nats.ReplyOutcome.Replied;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.timeout.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@code nats.request} block (contract section 4): one request to a service, and its reply. The
 * calling thread waits for the reply and is free at the timeout. Thread-safe.
 */
final class NatsRequestBlock implements Block {

  private static final BlockType TYPE = new BlockType("nats.request", List.of(), ResourcePool.IO);

  private final AllowedSubjects allowed;
  private final RequestSessions sessions;
  private final ResultLimit resultLimit;
  private final ClientSpans spans;
  private final TimeSource time;

  NatsRequestBlock(
      AllowedSubjects allowed,
      RequestSessions sessions,
      ResultLimit resultLimit,
      ClientSpans spans,
      TimeSource time) {
    this.allowed = allowed;
    this.sessions = sessions;
    this.resultLimit = resultLimit;
    this.spans = spans;
    this.time = time;
  }

  @Override
  public BlockType type() {
    return TYPE;
  }

  @Override
  public @Nullable String destination(BlockCall call) {
    String subject = call.text("subject");
    return subject != null && SubjectSyntax.isSubject(subject) && allowed.permits(subject)
        ? SubjectMatch.name(subject)
        : null;
  }

  @Override
  public InputPlace place(String input) {
    return switch (input) {
      case "subject" -> InputPlace.SUBJECT;
      case "headers" -> InputPlace.HEADER;
      default -> InputPlace.PLAIN;
    };
  }

  @Override
  public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    long start = time.nanos();
    OutgoingRequest request = NatsRequestReader.read(call);
    if (!allowed.permits(request.subject())) {
      throw denied("The subject is not allowed");
    }
    ReplyTimeout timeout = ReplyTimeout.of(call, request.timeoutMs(), start);
    return ClientCall.within(
        spans.nats(request.subject()),
        span -> {
          // The reader has set what goes out without a span.
          OutgoingHeaders.trace(request.headers(), span.traceparent(null));
          return outputs(request, timeout);
        });
  }

  private Outputs outputs(OutgoingRequest request, ReplyTimeout timeout)
      throws StepFailure, InterruptedException {
    return switch (exchange(request, timeout)) {
      case Replied(var reply) -> new ServiceReply(reply).outputs(resultLimit.maxBytes());
      case ConnectionLost() ->
          throw StepFailure.of(NETWORK_ERROR, "The connection to NATS is not there or was lost");
      case PublicationRefused() ->
          throw denied("The NATS server does not let the worker publish to the subject");
    };
  }

  private ReplyOutcome exchange(OutgoingRequest request, ReplyTimeout timeout)
      throws StepFailure, InterruptedException {
    ReplyInbox inbox = sessions.current();
    if (inbox == null) {
      return new ConnectionLost();
    }
    requireRoom(request.size(), inbox.maxBytes());
    LongSupplier left = () -> timeout.leftNanos(time.nanos());
    ReplyOutcome outcome = left.getAsLong() > 0 ? inbox.exchange(request, left) : null;
    if (outcome == null) {
      throw timeout.failure(time.nanos());
    }
    return outcome;
  }

  /** Checks that the server takes a request; the next attempt would be as large. */
  private static void requireRoom(long size, long maxBytes) throws StepFailure {
    if (size > maxBytes) {
      throw StepFailure.withoutRetry(
          StepError.of(
              QUOTA_EXCEEDED,
              "The request is larger than the NATS server takes",
              Map.of("size", size, "max_size", maxBytes)));
    }
  }

  private static StepFailure denied(String message) {
    return StepFailure.of(PERMISSION_DENIED, message, Map.of("field", "subject"));
  }
}
