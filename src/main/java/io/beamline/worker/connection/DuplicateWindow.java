package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.UnusableSettingException;
import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;

/**
 * The time in which a stream of acks, results or dead letters drops a second copy of a message
 * (contract section 1). The server remembers each message's id for so long, in its memory.
 *
 * <p>A second copy comes from a worker that publishes an unconfirmed message again, or from another
 * worker that got the assignment because the first one died. The shortest window outlasts two such
 * deaths: each costs one ack-wait, and the third is for the steps themselves. It comes too late
 * also where NATS was away for longer than the window, between storing a message and confirming it.
 * Pure.
 */
final class DuplicateWindow {

  private static final String SETTING = "worker.nats.duplicate-window";
  private static final Duration USUAL = Duration.ofMinutes(5);

  /** A lost connection is noticed after 15 s, and a message is published again every 6.4 s. */
  private static final Duration LEAST = Duration.ofMinutes(1);

  private static final int ACK_WAITS = 3;

  private DuplicateWindow() {}

  /** Returns the shortest window with which a second copy is dropped after two workers died. */
  static Duration shortest(Duration ackWait) {
    return longer(ackWait.multipliedBy(ACK_WAITS), LEAST);
  }

  /**
   * Returns the window of the streams that the worker creates.
   *
   * @throws UnusableSettingException if the setting is shorter than {@link #shortest}, or longer
   *     than messages are kept, which the server refuses
   */
  static Duration of(NatsDeliveryProperties settings) {
    Duration wanted = settings.duplicateWindow();
    Duration shortest = shortest(settings.ackWait());
    Duration kept = settings.maxAge();
    if (wanted.isZero()) {
      Duration window = longer(USUAL, shortest);
      return window.compareTo(kept) > 0 ? kept : window;
    }
    if (wanted.compareTo(shortest) < 0) {
      throw refused(
          wanted,
          "0s, or at least "
              + text(shortest)
              + ": the longer of 1m and three times worker.nats.ack-wait");
    }
    if (wanted.compareTo(kept) > 0) {
      throw refused(wanted, "at most " + text(kept) + ", which is worker.nats.max-age");
    }
    return wanted;
  }

  /** Returns a time as a setting has it, such as {@code 90s}. */
  static String text(Duration time) {
    return time.toMillisPart() == 0 ? time.toSeconds() + "s" : DurationStyle.SIMPLE.print(time);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static UnusableSettingException refused(Duration wanted, String rule) {
    return new UnusableSettingException(SETTING, text(wanted), rule);
  }
}
