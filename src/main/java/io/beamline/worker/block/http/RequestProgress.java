package io.beamline.worker.block.http;

import io.beamline.worker.timeout.TimeSource;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * How far one HTTP request has got. Network threads record its phase, and the caller's thread reads
 * it to check the limits. It also keeps the connection that was opened for the request, so that
 * {@link #abort} can close it during a connect or a TLS handshake. A mere cancel would leave such a
 * connection to the pool. Thread-safe: its fields are volatile.
 */
final class RequestProgress {

  /**
   * A phase and the time at which it began. For {@link Phase#SENDING} it is the time of the last
   * byte.
   */
  record PhaseStart(Phase phase, long sinceNanos) {}

  private final TimeSource time;
  private volatile PhaseStart phase;
  private volatile @Nullable Channel connection;
  private volatile boolean aborted;

  /** Starts the progress of a request now. */
  RequestProgress(TimeSource time) {
    this.time = time;
    this.phase = new PhaseStart(Phase.WAITING, time.nanos());
  }

  /** Records that a phase begins now. */
  void enter(Phase next) {
    phase = new PhaseStart(next, time.nanos());
  }

  /**
   * Records that bytes were written or read. In {@link Phase#SENDING} this restarts the phase's
   * time.
   */
  void bytesMoved() {
    if (phase.phase() == Phase.SENDING) {
      enter(Phase.SENDING);
    }
  }

  /**
   * Records that a connection is being opened for this request. It is called again for each further
   * address of the host.
   */
  void connectionOpened(Channel channel) {
    if (connection == null) {
      enter(Phase.CONNECTING);
    }
    connection = channel;
    if (aborted) { // abort() ran before the channel was set
      close(channel);
    }
  }

  /** Returns the current phase. */
  PhaseStart phase() {
    return phase;
  }

  /** Closes the connection that was opened for this request, now or as soon as it exists. */
  void abort() {
    aborted = true;
    Channel channel = connection;
    if (channel != null) {
      close(channel);
    }
  }

  /** The result of the close is not needed: handlers that read from the channel are notified. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void close(Channel channel) {
    channel.close();
  }
}
