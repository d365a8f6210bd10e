package io.beamline.worker.block;

import io.beamline.worker.observability.tracing.ClientSpan;

/**
 * What a block asks of others during an attempt.
 *
 * @param <T> the answer
 */
@FunctionalInterface
public interface ClientCall<T> {

  /** Asks, and returns the answer. */
  T ask(ClientSpan span) throws StepFailure, InterruptedException;

  /** Asks within a span, and ends the span: answered, failed, or cut by anything else. */
  static <T> T within(ClientSpan span, ClientCall<T> call)
      throws StepFailure, InterruptedException {
    try {
      T answer = call.ask(span);
      span.answered();
      return answer;
    } catch (StepFailure failure) {
      span.failed(failure.error());
      throw failure;
    } finally {
      span.close();
    }
  }
}
