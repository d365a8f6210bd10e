package io.beamline.worker.block.nats;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.support.Calls;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.ReadableOutputs;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/** The block on a connection of its own, and short ways to call it. */
final class NatsRequestFixture implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(20);

  /** The largest result that the server takes. */
  volatile long maxResult = 1 << 20;

  final RequestSessions sessions = new RequestSessions();
  final Block block;
  private final Connection connection;

  NatsRequestFixture(NatsServer nats, String... allowed) {
    connection = nats.connect();
    sessions.opened(ConnectionFixture.session(connection, "id", Duration.ofSeconds(30)));
    block = block(sessions, () -> maxResult, allowed);
  }

  static NatsRequestBlock block(RequestSessions sessions, ResultLimit limit, String... allowed) {
    return new NatsRequestBlock(
        AllowedSubjects.of(List.of(allowed), ConnectionFixture.settings().subjects(), ""),
        sessions,
        limit,
        ClientSpans.OFF,
        TimeSource.system());
  }

  static BlockCall call(String payload) {
    return call(payload, LONG, Deadline.never());
  }

  static BlockCall call(String payload, Duration timeout, Deadline deadline) {
    return Calls.of("a-1", new RawJson(payload), OperationTimeouts.cp1(timeout), deadline, false);
  }

  Map<String, Object> outputs(String payload) throws StepFailure, InterruptedException {
    return ReadableOutputs.of(block.run(call(payload)));
  }

  StepFailure failure(String payload) {
    return failure(block, call(payload));
  }

  static StepFailure failure(Block block, BlockCall call) {
    return Assertions.catchThrowableOfType(StepFailure.class, () -> block.run(call));
  }

  /** The requests that wait for a reply. */
  int pending() {
    ReplyInbox inbox = sessions.current();
    return inbox == null ? 0 : inbox.pending();
  }

  @Override
  public void close() {
    sessions.closed();
    NatsServer.disconnect(connection);
  }
}
