package io.beamline.worker.block.http;

import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.support.Calls;
import io.beamline.worker.support.ReadableOutputs;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import io.beamline.worker.timeout.TimeSource;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** The block with its real client, and short ways to call it. */
final class HttpFixture implements AutoCloseable {

  static final String ASSIGNMENT = "assignment-1";
  static final long MAX_BODY = 64 * 1024;

  /** Every name is this machine; nothing is asked of a DNS server. */
  static final NameLookup LOOPBACK =
      (host, loop) -> CompletableFuture.completedFuture(List.of(InetAddress.getLoopbackAddress()));

  static final DestinationRules NO_RULES = rules(List.of(), List.of(), Set.of(), List.of());

  /** The largest result that the server takes. */
  volatile long maxResult = 1 << 20;

  private final HttpTransport transport;
  private final HttpRequestBlock block;

  HttpFixture(NameLookup names, DestinationRules rules, SslContext tls) {
    this(names, rules, tls, null);
  }

  HttpFixture(NameLookup names, DestinationRules rules, SslContext tls, @Nullable HttpProxy proxy) {
    transport = new HttpTransport(names, rules, tls, proxy, TimeSource.system());
    HttpExchange exchange = new HttpExchange(transport.client(), MAX_BODY, () -> maxResult);
    block =
        new HttpRequestBlock(() -> exchange, rules, proxy, ClientSpans.OFF, TimeSource.system());
  }

  /** Without rules, every name being this machine. */
  static HttpFixture plain() {
    return new HttpFixture(LOOPBACK, NO_RULES, defaultTls());
  }

  static HttpFixture with(NameLookup names, DestinationRules rules) {
    return new HttpFixture(names, rules, defaultTls());
  }

  static DestinationRules rules(
      List<String> allowed, List<String> denied, Set<Integer> ownPorts, List<HostAndPort> nats) {
    return new DestinationRules(
        HostPattern.parseAll("allowed", allowed),
        HostPattern.parseAll("denied", denied),
        ownPorts::contains,
        nats,
        Addresses::isLocal);
  }

  /** CP1: one timeout for the attempt. */
  static OperationTimeouts within(Duration attempt) {
    return OperationTimeouts.cp1(attempt);
  }

  /** CP2: connect and response apart. */
  static OperationTimeouts apart(Duration connect, Duration response) {
    Duration unlimited = OperationTimeouts.UNLIMITED;
    return new OperationTimeouts(
        unlimited, connect, response, unlimited, unlimited, unlimited, unlimited, unlimited,
        unlimited);
  }

  static Deadline deadlineIn(Duration time) {
    return Deadline.after(TimeSource.system().nanos(), time);
  }

  BlockType type() {
    return block.type();
  }

  /** The outputs of a call with ten seconds. */
  Map<String, Object> outputs(String payload) throws StepFailure, InterruptedException {
    return outputs(payload, false);
  }

  Map<String, Object> outputs(String payload, boolean idempotencyKey)
      throws StepFailure, InterruptedException {
    Outputs outputs =
        block.run(
            Calls.of(
                ASSIGNMENT,
                new RawJson(payload),
                within(Duration.ofSeconds(10)),
                Deadline.never(),
                idempotencyKey));
    return ReadableOutputs.of(outputs);
  }

  /** The failure of a GET with ten seconds. */
  StepFailure failure(String url) {
    return failure(url, within(Duration.ofSeconds(10)), Deadline.never());
  }

  StepFailure failure(String url, OperationTimeouts timeouts, Deadline deadline) {
    return failureOf("{\"url\": \"" + url + "\"}", timeouts, deadline);
  }

  StepFailure failureOf(String payload, OperationTimeouts timeouts, Deadline deadline) {
    return Assertions.catchThrowableOfType(
        StepFailure.class, () -> run(payload, timeouts, deadline));
  }

  Outputs run(String payload, OperationTimeouts timeouts, Deadline deadline)
      throws StepFailure, InterruptedException {
    return block.run(Calls.of(ASSIGNMENT, new RawJson(payload), timeouts, deadline, false));
  }

  @Override
  public void close() {
    transport.close();
  }

  static SslContext defaultTls() {
    try {
      return SslContextBuilder.forClient().build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }
}
