package io.beamline.worker.observability.tracing;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.StepError;
import org.jspecify.annotations.Nullable;

/**
 * The trace of one delivery of an assignment. Its span lasts from the arrival until the server has
 * the whole answer, or the assignment leaves the worker without one. No span shows a payload, a
 * secret, or the path of a URL. Thread-safe; no method throws.
 */
public interface AssignmentTrace {

  /** Is not traced. */
  AssignmentTrace OFF = Untraced.INSTANCE;

  /** Returns whether spans are collected; if not, attributes need not be computed. */
  boolean isRecording();

  /** Returns the trace context to pass on with answers; null if tracing is off. */
  @Nullable String traceparent();

  /** Returns the id of the trace, 32 hexadecimal digits; null if tracing is off. */
  @Nullable String traceId();

  /** Sets the ids of the assignment. */
  void identified(AssignmentIdentity identity);

  /** Sets which flags apply to the step. */
  void accepted(boolean advancedRetry, boolean completeTimeout, boolean circuitBreaker);

  /**
   * Begins the span of an attempt on the calling thread, which must close it. Spans of clients that
   * this thread begins until then belong to it.
   *
   * @param number the number of the attempt, from 1
   * @param stepType the canonical name of the block
   * @param waitedMs the wait before it, in ms; 0 for the first attempt
   * @param destination whom or what it works on; null if unknown
   */
  AttemptTrace attempt(int number, String stepType, long waitedMs, @Nullable String destination);

  /**
   * Begins the span of a publication, which ends when the server has stored the message.
   *
   * @param subject the subject that it goes to
   * @param bytes the size of its payload
   */
  PublicationTrace publishes(String subject, long bytes);

  /** Sets how many attempts there were. */
  void attempted(int attempts);

  /**
   * Sets how the step ended.
   *
   * @param status the status in the result
   * @param error its error; null if it succeeded
   */
  void ended(String status, @Nullable StepError error);

  /** Sets why the assignment was rejected, as in the ack. */
  void rejected(String reason);

  /** Ends the span. Later calls change nothing. */
  void close(DeliveryEnd end);

  /** How a delivery left the worker. */
  enum DeliveryEnd {
    /** The server has stored its answer. */
    ANSWERED,
    /** Its answer was known, and was published again. */
    ANSWERED_AGAIN,
    /** The assignment was under way already. */
    DUPLICATE,
    /** It is no assignment, and is a dead letter now. */
    MALFORMED,
    /** The server may deliver it again, to any worker. */
    HANDED_BACK,
    /** Its lease had lapsed; another worker may have it. */
    LAPSED
  }
}
