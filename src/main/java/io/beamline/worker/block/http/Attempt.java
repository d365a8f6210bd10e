package io.beamline.worker.block.http;

import io.beamline.worker.timeout.TimeSource;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: the network's threads tell it how far it got, the caller's thread looks
 * when a limit may have passed. It knows the connection that was opened for it, so that giving up
 * closes it even while it connects or shakes hands, when cancelling alone would leave it to the
 * pool. Thread-safe.
 */
final class Attempt {

  /** A phase and when it began; for {@link Phase#SENDING} when bytes last moved. */
  record PhaseStart(Phase phase, long sinceNanos) {}

  private final TimeSource time;
  private volatile PhaseStart step;
  private volatile @Nullable Channel opened;
  private volatile boolean givenUp;

  /** An attempt that begins now. */
  Attempt(TimeSource time) {
    this.time = time;
    this.step = new PhaseStart(Phase.WAITING, time.nanos());
  }

  /** Tells that a phase begins now. */
  void enter(Phase phase) {
    step = new PhaseStart(phase, time.nanos());
  }

  /** Records that bytes were written or read; while the request is sent its time begins anew. */
  void bytesMoved() {
    if (step.phase() == Phase.SENDING) {
      enter(Phase.SENDING);
    }
  }

  /**
   * Tells that a connection is being opened for this attempt; again for each further address of the
   * host.
   */
  void opens(Channel channel) {
    if (opened == null) {
      enter(Phase.CONNECTING);
    }
    opened = channel;
    if (givenUp) { // came too late for giveUp() to see the channel
      close(channel);
    }
  }

  /** How far it got. */
  PhaseStart step() {
    return step;
  }

  /** Closes the connection that was opened for this attempt, now or as soon as there is one. */
  void giveUp() {
    givenUp = true;
    Channel channel = opened;
    if (channel != null) {
      close(channel);
    }
  }

  /** Nobody waits for the close: whoever reads from the channel learns of it. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void close(Channel channel) {
    channel.close();
  }
}
