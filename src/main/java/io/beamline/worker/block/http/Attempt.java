package io.beamline.worker.block.http;

import io.beamline.worker.timeout.TimeSource;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: the network's threads tell it how far it got, the caller's thread waits
 * for that. It knows the connection that was opened for it, so that giving up closes it even while
 * it connects or shakes hands, when cancelling alone would leave it to the pool. Thread-safe.
 */
final class Attempt {

  /** A phase and when it began. */
  record Step(Phase phase, long sinceNanos) {}

  private final TimeSource time;
  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private volatile @Nullable Channel opened;
  private volatile boolean givenUp;

  Attempt(TimeSource time) {
    this.time = time;
  }

  /** Tells that a phase begins now. */
  void enter(Phase phase) {
    steps.add(new Step(phase, time.nanos()));
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

  /** The next phase that begins, null when none does in time; zero or less does not wait. */
  @Nullable Step next(Duration wait) throws InterruptedException {
    return steps.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
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
