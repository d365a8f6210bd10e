package io.beamline.worker.bench;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.json.AssignmentDecoder;
import io.beamline.worker.contract.json.Decoded;
import io.beamline.worker.contract.json.MessageEncoder;
import io.beamline.worker.retry.Backoff;
import io.beamline.worker.retry.ExponentialBackoff;
import io.beamline.worker.retry.Jitter;
import io.beamline.worker.retry.Retryability;
import io.beamline.worker.support.Assignments;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What runs for each message, and what runs for each failure. */
@State(Scope.Thread)
public class MessageCosts {

  private final byte[] assignment = Assignments.echo().correlated().bytes();
  private final AssignmentDecoder decoder = new AssignmentDecoder(Set.of("echo")::contains);
  private final ExecResult result = result();
  private final Retryability retryability = new Retryability(Set.of(), Set.of());
  private final Backoff backoff =
      new ExponentialBackoff(
          Duration.ofMillis(100),
          2.0,
          Duration.ofSeconds(30),
          Jitter.FULL,
          ThreadLocalRandom.current()::nextDouble);
  private final StepError[] failures = {
    StepError.of(ErrorCode.HTTP_ERROR, "The server answered", Map.of("status_code", 404)),
    StepError.of(ErrorCode.NETWORK_ERROR, "The server cannot be reached"),
    StepError.of(ErrorCode.INVALID_INPUT, "A value is not allowed"),
    StepError.of(ErrorCode.CONNECTION_TIMEOUT, "The server does not answer")
  };
  private int failure;

  /** Reads an assignment and judges it. */
  @Benchmark
  public Object decode() {
    return decoder.decode(assignment);
  }

  /** Writes a result. */
  @Benchmark
  public Object encode() {
    return MessageEncoder.encode(result);
  }

  /** Judges a failure, and finds the wait before the next attempt. */
  @Benchmark
  public long retry() {
    failure++;
    boolean again = retryability.isRetryable(failures[failure & 3]);
    return again ? backoff.delayBefore(1 + (failure & 7)).toNanos() : 0;
  }

  private ExecResult result() {
    Decoded.Valid valid = (Decoded.Valid) decoder.decode(assignment);
    return new ExecResult(
        AssignmentIdentity.of(valid.assignment()),
        new StepOutcome.Success(new Outputs.RawObject(new RawJson("{\"said\":\"hello\"}"))),
        3,
        0,
        1_764_000_000_000L,
        ExecResult.Cp2.NOTHING);
  }
}
