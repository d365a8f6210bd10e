package io.beamline.worker.intake;

import io.nats.client.api.ServerInfo;
import java.time.Duration;

/**
 * How much the next pull requests: what the link carries in about a second, because replies and
 * pings queue behind it, and a message whose lease ends on its way is delivered again. Used by one
 * thread.
 *
 * <p>A server before 2.10.14 may lose the redelivery of a message that a pull had no bytes left for
 * (nats-server 5305): the message stays unacknowledged and is never delivered again. For such a
 * server the bytes become a number of messages, by an estimate of their size.
 */
final class PullSize {

  static final long MIN_BYTES = 256L * 1024;
  private static final long MAX_BYTES = 8L * 1024 * 1024;
  private static final String FIRST_SAFE_SERVER = "2.10.14";

  /** After a pull that brought all its bytes sooner, the next asks for more. */
  private static final Duration QUICK = Duration.ofMillis(500);

  /** After a pull that took longer, the next asks for fewer. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  /** The estimate follows smaller messages by this part of the difference for each message. */
  private static final long DECAY = 16;

  private final boolean limitsBytes;
  private long bytes = MIN_BYTES;
  private long messageBytes;

  /**
   * Creates the size of the first pull, the smallest one.
   *
   * @param limitsBytes whether the server may be asked for so many bytes
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

  /** Returns the bytes of the next pull, at most what the consumer allows. */
  long bytes(long allowed) {
    return Math.min(bytes, allowed);
  }

  /** Returns the most messages to request at once, 1 or more, within what the consumer allows. */
  int messages(int allowed, long allowedBytes) {
    return limitsBytes ? allowed : Math.clamp(bytes(allowedBytes) / messageBytes, 1, allowed);
  }

  /** Records a message. A larger one counts at once; smaller ones are believed slowly. */
  void delivered(long size) {
    messageBytes = Math.max(size, messageBytes - (messageBytes - size) / DECAY);
  }

  /** Records the time that a pull took which brought all that it requested. */
  void filledIn(Duration taken) {
    if (taken.compareTo(SLOW) > 0) {
      bytes = Math.max(MIN_BYTES, bytes / 2);
    } else if (taken.compareTo(QUICK) < 0) {
      bytes = Math.min(MAX_BYTES, bytes + MIN_BYTES);
    }
  }
}
