package io.beamline.worker.config;

/**
 * The parts of the heap that the worker keeps for what a burst brings, each with a limit of its
 * own. Together they are fifteen sixteenths: it is unlikely that all are full at once.
 */
public enum HeapShare {
  /** Assignments from their delivery until their lease ends. */
  ASSIGNMENTS(4),
  /** The contents of files and responses while a step works on them. */
  CONTENT(8),
  /** Acks and results that NATS has not yet confirmed. */
  UNPUBLISHED_ANSWERS(4),
  /** Answers that a redelivery would need again. */
  KNOWN_ANSWERS(4),

  /** Requests to cancel. */
  CANCEL_REQUESTS(16);

  private final int divisor;

  HeapShare(int divisor) {
    this.divisor = divisor;
  }

  /** Returns the share of this process, in bytes: a part of the largest heap it may have. */
  public long bytes() {
    return bytesOf(Runtime.getRuntime().maxMemory());
  }

  /** Returns the share of a heap of this size, in bytes. */
  public long bytesOf(long maxHeap) {
    return maxHeap / divisor;
  }
}
