package io.beamline.worker.intake;

import io.nats.client.api.ServerInfo;
import java.time.Duration;

/**
 * Determines how much the next pull requests: what the link carries in about a second. Replies and
 * pings wait behind its messages, and a message whose lease ends on its way is delivered again.
 * Used by one thread.
 *
 * <p>A server before 2.10.14 may lose the redelivery of a message that a pull had no bytes left for
 * (nats-server 5305): the message stays unacknowledged and is never delivered again. For such a
 * server the bytes become a number of messages, by an estimate of their size.
 */
final class PullSize {

  static final long MIN_BYTES = 256L * 1024;
  private static final long MAX_BYTES = 8L * 1024 * 1024;
  private static final String FIRST_SAFE_SERVER = "2.10.14";

  /** If a pull has brought all its bytes sooner than this, the next one requests more. */
  private static final Duration QUICK = Duration.ofMillis(500);

  /** If a pull has taken longer than this, the next one requests fewer bytes. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  /** For each smaller message the estimate falls by this part (1/16) of the difference. */
  private static final long DECAY = 16;

  private final boolean limitsBytes;
  private long bytes = MIN_BYTES;
  private long messageBytes;

  /**
   * Creates the size of the first pull, the smallest one.
   *
   * @param limitsBytes whether a pull may have a limit of bytes
   * @param maxMessageBytes the largest message that the server takes
   */
  PullSize(boolean limitsBytes, long maxMessageBytes) {
    this.limitsBytes = limitsBytes;
    this.messageBytes = Math.max(1, maxMessageBytes);
  }

  /** Creates the size of the first pull from a server. */
  static PullSize of(ServerInfo server) {
    return new PullSize(server.isSameOrNewerThanVersion(FIRST_SAFE_SERVER), server.getMaxPayload());
  }

  /** Returns whether a pull has a limit of bytes; otherwise {@link #messages} is the limit. */
  boolean limitsBytes() {
    return limitsBytes;
  }

  /**
   * Returns the bytes of the next pull.
   *
   * @param allowed the most that the consumer's terms allow
   */
  long bytes(long allowed) {
    return Math.min(bytes, allowed);
  }

  /**
   * Returns the most messages to request at once, 1 or more.
   *
   * @param allowed the most messages that the consumer's terms allow
   * @param allowedBytes the most bytes that they allow
   */
  int messages(int allowed, long allowedBytes) {
    return limitsBytes ? allowed : Math.clamp(bytes(allowedBytes) / messageBytes, 1, allowed);
  }

  /**
   * Records the size of a message, in bytes. The estimate rises at once to a larger size, and falls
   * slowly to smaller ones.
   */
  void delivered(long size) {
    messageBytes = Math.max(size, messageBytes - (messageBytes - size) / DECAY);
  }

  /** Records how long a pull took that brought all that it requested. */
  void filledIn(Duration taken) {
    if (taken.compareTo(SLOW) > 0) {
      bytes = Math.max(MIN_BYTES, bytes / 2);
    } else if (taken.compareTo(QUICK) < 0) {
      bytes = Math.min(MAX_BYTES, bytes + MIN_BYTES);
    }
  }
}
