package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.result.SendQueue.Departure;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every message until the server has it: published at once, again after a pause when that
 * failed, and again in each new session (contract section 6). Publishing is pipelined. Thread-safe.
 */
public final class Outbox implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final long FIRST_PAUSE_MS = 100;
  private static final int LONGEST_PAUSE_SHIFT = 6;
  private static final Duration RENEW_AT_MOST = Duration.ofSeconds(10);

  private final Transport transport;
  private final ScheduledExecutorService timer;
  private final TimeSource time;
  private final LogThrottle throttle;
  private final PublishMeter meter;
  private final long maxBytes;
  private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger results = new AtomicInteger();
  private final AtomicLong renewedNanos;
  private final AtomicLong numbers = new AtomicLong();
  private volatile @Nullable SendQueue queue;

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
    this.throttle = throttle;
    this.meter = meter;
    this.maxBytes = maxBytes;
    this.renewedNanos = new AtomicLong(time.nanos() - RENEW_AT_MOST.toNanos());
  }

  /**
   * Publishes a message, however long it takes.
   *
   * @param confirmed run once, when the server has it; must not block
   */
  void send(Outgoing message, Runnable confirmed) {
    Pending entry = new Pending(message, confirmed, time.nanos(), numbers.incrementAndGet());
    bytes.addAndGet(message.weight());
    if (message.kind() == Outgoing.Kind.RESULT) {
      results.incrementAndGet();
    }
    pending.add(entry);
    send(entry);
  }

  private void send(Pending entry) {
    SendQueue current = queue;
    if (current != null) {
      current.add(entry);
      current.send(this::transmit);
    }
  }

  /** Whether more may be kept: false while what waits takes the memory it may take. */
  public boolean hasRoom() {
    return bytes.get() < maxBytes;
  }

  /** Whether much more may be kept: at least a quarter of that memory is free. */
  public boolean hasAmpleRoom() {
    return bytes.get() < maxBytes / 4 * 3;
  }

  /** Results that the server has not confirmed yet. */
  public int unpublishedResults() {
    return results.get();
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
    fresh.add(pending.stream().sorted(Comparator.comparingLong(Pending::number)).toList());
    fresh.send(this::transmit);
  }

  @Override
  public void closed() {
    queue = null;
  }

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
              .whenComplete(
                  (stored, failure) -> {
                    if (failure == null) {
                      departure.confirmed(Duration.ofNanos(time.nanos() - sentNanos));
                      confirm(entry);
                    } else {
                      departure.failed();
                      failed(entry, departure.queue(), failure);
                    }
                    departure.queue().send(this::transmit);
                  });
    } catch (RuntimeException e) {
      departure.failed();
      failed(entry, departure.queue(), e);
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
      logSmaller(before.subject(), before.size(), limit);
    }
  }

  private void logSmaller(String subject, long size, long limit) {
    throttle.log(
        log.atWarn()
            .addKeyValue("subject", subject)
            .addKeyValue("size", size)
            .addKeyValue("max_size", limit),
        "A message is larger than the server takes now; it is published in a smaller form");
  }

  private void logFailure(String subject, int attempts, String cause) {
    throttle.log(
        log.atWarn()
            .addKeyValue("subject", subject)
            .addKeyValue("attempts", attempts)
            .addKeyValue("cause", cause),
        "A message could not be published yet");
  }

  private void confirm(Pending entry) {
    if (!entry.confirmOnce()) {
      return;
    }
    bytes.addAndGet(-entry.message().weight());
    if (entry.message().kind() == Outgoing.Kind.RESULT) {
      results.decrementAndGet();
      meter.published(Duration.ofNanos(time.nanos() - entry.sinceNanos));
    }
    try {
      entry.confirmed.run();
    } catch (RuntimeException | Error e) {
      log.atError().setCause(e).log("What follows a confirmed message failed");
    } finally {
      // Not before: a worker that ends must not take the moment in between for the end of it all.
      pending.remove(entry);
    }
  }

  /** A failure in an old session needs nothing: the next session sends everything again. */
  private void failed(Pending entry, SendQueue from, Throwable failure) {
    if (queue != from) {
      return;
    }
    int failures = entry.failed();
    if (Integer.bitCount(failures) == 1) {
      logFailure(entry.message().subject(), failures, failure.toString());
    }
    if (Refusal.of(failure).mayEndInANewSession(failures)) {
      renew(from.session());
    }
    long pause = FIRST_PAUSE_MS << Math.min(failures - 1, LONGEST_PAUSE_SHIFT);
    Future<?> unused =
        timer.schedule(
            () -> {
              entry.release(from.session());
              send(entry);
            },
            pause,
            TimeUnit.MILLISECONDS);
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
