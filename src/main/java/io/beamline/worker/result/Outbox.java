package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.result.SendQueue.Departure;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every message until the server has it: published at once, again after a pause when that
 * failed, and again in each new session (contract section 6). Publishing is pipelined. Thread-safe.
 */
public final class Outbox implements SessionListener {

  private static final long FIRST_PAUSE_MS = 100;
  private static final int LONGEST_PAUSE_SHIFT = 6;
  private static final Duration RENEW_AT_MOST = Duration.ofSeconds(10);

  private final Transport transport;
  private final ScheduledExecutorService timer;
  private final TimeSource time;
  private final OutboxLog journal;
  private final PublishMeter meter;
  private final long maxBytes;
  private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicLong renewedNanos;
  private final AtomicLong numbers = new AtomicLong();
  private final SendQueue.Sender sender = this::transmit;
  private volatile @Nullable SendQueue queue;
  private volatile boolean incomplete;

  /**
   * An outbox.
   *
   * @param maxBytes where {@link #hasRoom} turns false
   */
  Outbox(
      Transport transport,
      ScheduledExecutorService timer,
      TimeSource time,
      LogThrottle throttle,
      PublishMeter meter,
      long maxBytes) {
    this.transport = transport;
    this.timer = timer;
    this.time = time;
    this.journal = new OutboxLog(throttle);
    this.meter = meter;
    this.maxBytes = maxBytes;
    this.renewedNanos = new AtomicLong(time.nanos() - RENEW_AT_MOST.toNanos());
  }

  /**
   * Publishes a message, however long it takes. Where it throws, the message is not kept and is
   * never published.
   *
   * @param confirmed run once, when the server has it; must not block
   */
  void send(Outgoing message, Runnable confirmed) {
    Pending entry = new Pending(message, confirmed, time.nanos(), numbers.incrementAndGet());
    pending.add(entry);
    bytes.addAndGet(message.weight());
    if (message.kind() != Outgoing.Kind.DEAD_LETTER) {
      answers.incrementAndGet();
    }
    send(entry);
  }

  private void send(Pending entry) {
    SendQueue current = queue;
    if (current != null) {
      try {
        current.add(entry);
        current.send(sender);
      } catch (RuntimeException | Error e) {
        incomplete = true;
      }
    }
  }

  /**
   * Queues again what could not be queued, such as for want of memory. To be called about twice a
   * second; never throws.
   */
  void queueMissed() {
    SendQueue current = queue;
    if (current == null || !incomplete) {
      return;
    }
    incomplete = false;
    try {
      // What is queued twice is sent once: only one of the two claims it.
      current.add(inOrder(current.session()));
      current.send(sender);
    } catch (RuntimeException | Error e) {
      incomplete = true;
    }
  }

  private List<Pending> inOrder(NatsSession target) {
    return pending.stream()
        .filter(entry -> entry.isUnsentIn(target))
        .sorted(Comparator.comparingLong(Pending::number))
        .toList();
  }

  /** Whether more may be kept: false while what waits takes the memory it may take. */
  public boolean hasRoom() {
    return bytes.get() < maxBytes;
  }

  /** Whether much more may be kept: at least a quarter of that memory is free. */
  public boolean hasAmpleRoom() {
    return bytes.get() < maxBytes / 4 * 3;
  }

  /** Acks and results that the server has not confirmed yet; a result waits for its ack. */
  public int unpublishedAnswers() {
    return answers.get();
  }

  /** Whether the server has everything, and what follows from that is done. */
  boolean isEmpty() {
    return pending.isEmpty();
  }

  @Override
  public void opened(NatsSession opened) {
    SendQueue fresh = new SendQueue(opened);
    // Before the messages are collected: one that comes meanwhile is queued by who sends it, or
    // here.
    queue = fresh;
    fresh.add(inOrder(opened));
    fresh.send(sender);
  }

  @Override
  public void closed() {
    queue = null;
  }

  /** Never throws: what fails here, an Error included, is a failure to publish. */
  private void transmit(Departure departure) {
    Pending entry = departure.message();
    NatsSession target = departure.queue().session();
    if (!entry.claim(target)) {
      departure.failed();
      return;
    }
    try {
      fit(entry, target);
      long sentNanos = time.nanos();
      CompletableFuture<?> unused =
          transport
              .publish(target, entry.message())
              .whenComplete((stored, failure) -> answered(departure, sentNanos, failure));
    } catch (RuntimeException | Error e) {
      departure.failed();
      failed(entry, departure.queue(), e);
    }
  }

  private void answered(Departure departure, long sentNanos, @Nullable Throwable failure) {
    SendQueue from = departure.queue();
    if (failure == null) {
      departure.confirmed(time.nanos() - sentNanos);
      confirm(departure.message());
    } else {
      departure.failed();
      failed(departure.message(), from, failure);
    }
    try {
      from.send(sender);
    } catch (RuntimeException | Error e) {
      incomplete = true;
    }
  }

  /** A server may take less than the one the message was written for (contract section 4). */
  private void fit(Pending entry, NatsSession target) {
    Outgoing before = entry.message();
    long limit = target.limit(before.subject());
    Outgoing fitting = before.fitting(limit);
    if (fitting.size() < before.size()) {
      bytes.addAndGet(fitting.weight() - before.weight());
      entry.replace(fitting);
      journal.smaller(before.subject(), before.size(), limit);
    }
  }

  private void confirm(Pending entry) {
    if (!entry.confirmOnce()) {
      return;
    }
    Outgoing message = entry.message();
    bytes.addAndGet(-message.weight());
    if (message.kind() != Outgoing.Kind.DEAD_LETTER) {
      answers.decrementAndGet();
    }
    try {
      measure(entry);
      entry.confirmed.run();
    } catch (RuntimeException | Error e) {
      journal.notFollowed(message.subject(), e);
    } finally {
      // Not before: a worker that ends must not take the moment in between for the end of it all.
      pending.remove(entry);
    }
  }

  private void measure(Pending entry) {
    try {
      if (entry.message().kind() == Outgoing.Kind.RESULT) {
        meter.published(Duration.ofNanos(time.nanos() - entry.sinceNanos));
      }
    } catch (RuntimeException | Error e) {
      // A measurement that fails, such as for want of memory, must not keep the answer from ending.
    }
  }

  /**
   * Has a message published again after a pause. A failure in an old session needs nothing: the
   * next session sends everything again. Never throws.
   */
  private void failed(Pending entry, SendQueue from, Throwable failure) {
    if (queue != from) {
      return;
    }
    try {
      retryLater(entry, from, failure);
    } catch (RuntimeException | Error e) {
      entry.release(from.session());
      incomplete = true;
    }
  }

  private void retryLater(Pending entry, SendQueue from, Throwable failure) {
    int failures = entry.failed();
    long pause = FIRST_PAUSE_MS << Math.min(failures - 1, LONGEST_PAUSE_SHIFT);
    Future<?> unused =
        timer.schedule(
            () -> {
              entry.release(from.session());
              send(entry);
            },
            pause,
            TimeUnit.MILLISECONDS);
    if (Integer.bitCount(failures) == 1) {
      journal.notPublished(entry.message().subject(), failures, failure.toString());
    }
    if (Refusal.of(failure).mayEndInANewSession(failures)) {
      renew(from.session());
    }
  }

  private void renew(NatsSession target) {
    long now = time.nanos();
    long last = renewedNanos.get();
    if (now - last >= RENEW_AT_MOST.toNanos() && renewedNanos.compareAndSet(last, now)) {
      target.renew();
    }
  }

  /** Told about results that the server has confirmed. */
  interface PublishMeter {

    /** One result was confirmed this long after it was ready. */
    void published(Duration time);
  }
}
