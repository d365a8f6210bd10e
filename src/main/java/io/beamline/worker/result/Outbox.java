package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.result.SendQueue.Transmission;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every message until the server confirms it. A message is published at once, again after a
 * failure and a pause, and again in each new session (contract section 6). Many messages are in
 * flight at the same time. Safe for several threads.
 */
public final class Outbox implements SessionListener {

  private static final long INITIAL_PAUSE_MS = 100;
  private static final int MAX_PAUSE_SHIFT = 6;

  /** The shortest time between two requests for a new session. */
  private static final Duration MIN_REQUEST_INTERVAL = Duration.ofSeconds(10);

  private final Transport transport;
  private final ScheduledExecutorService timer;
  private final TimeSource time;
  private final OutboxLog outboxLog;
  private final PublishMeter meter;
  private final long maxBytes;
  private final Set<OutboxEntry> pending = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger acksAndResults = new AtomicInteger();
  private final AtomicInteger deadLetters = new AtomicInteger();
  private final AtomicLong requestedNanos;
  private final AtomicLong numbers = new AtomicLong();
  private final SendQueue.Sender sender = this::transmit;
  private volatile @Nullable SendQueues queues;
  private volatile boolean requeueNeeded;

  /**
   * Creates an empty outbox.
   *
   * @param maxBytes {@link #hasRoom} is false while the messages take this many bytes or more
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
    this.outboxLog = new OutboxLog(throttle);
    this.meter = meter;
    this.maxBytes = maxBytes;
    this.requestedNanos = new AtomicLong(time.nanos() - MIN_REQUEST_INTERVAL.toNanos());
  }

  /**
   * Keeps a message and publishes it until the server confirms it. Does not wait. If it throws, the
   * message is not kept and is never published.
   *
   * @param followUp run once, after the confirmation, by a thread of NATS; must not block
   */
  void send(OutgoingMessage message, Runnable followUp) {
    OutboxEntry entry = new OutboxEntry(message, followUp, time.nanos(), numbers.incrementAndGet());
    pending.add(entry);
    bytes.addAndGet(message.weight());
    unpublished(message).incrementAndGet();
    queueAndSend(entry);
  }

  /** Queues a message and sends what fits the window. Without a session it does nothing. */
  private void queueAndSend(OutboxEntry entry) {
    SendQueues current = queues;
    if (current != null) {
      try {
        SendQueue queue = current.of(entry);
        queue.add(entry);
        queue.send(sender);
      } catch (RuntimeException | Error e) {
        requeueNeeded = true;
      }
    }
  }

  /**
   * Queues the messages that could not be queued before, for example because memory was short. Call
   * it twice a second. Never throws.
   */
  void queueMissed() {
    SendQueues current = queues;
    if (current == null || !requeueNeeded) {
      return;
    }
    requeueNeeded = false;
    try {
      // A message that is queued twice is sent once: only one of the two claims it.
      queueUnsent(current);
    } catch (RuntimeException | Error e) {
      requeueNeeded = true;
    }
  }

  /** Queues the messages that were not sent in a session, in their order, and sends them. */
  private void queueUnsent(SendQueues target) {
    NatsSession session = target.answers().session();
    pending.stream()
        .filter(entry -> entry.isUnsentIn(session))
        .sorted(Comparator.comparingLong(OutboxEntry::number))
        .collect(Collectors.groupingBy(target::of))
        .forEach(SendQueue::add);
    target.answers().send(sender);
    target.deadLetters().send(sender);
  }

  /** Returns whether the unconfirmed messages take less memory than they may. */
  public boolean hasRoom() {
    return bytes.get() < maxBytes;
  }

  /** Returns whether at least a quarter of the memory for unconfirmed messages is free. */
  public boolean hasAmpleRoom() {
    return bytes.get() < maxBytes / 4 * 3;
  }

  /**
   * Returns the number of unconfirmed acks and results. A result enters the outbox only after its
   * ack is confirmed, so both count as one. Dead letters do not count.
   */
  public int unpublishedAnswers() {
    return acksAndResults.get();
  }

  /** Returns the number of unconfirmed dead letters. */
  int unpublishedDeadLetters() {
    return deadLetters.get();
  }

  private AtomicInteger unpublished(OutgoingMessage message) {
    return isDeadLetter(message) ? deadLetters : acksAndResults;
  }

  private static boolean isDeadLetter(OutgoingMessage message) {
    return message.kind() == OutgoingMessage.MessageKind.DEAD_LETTER;
  }

  /** Returns whether every message is confirmed and its follow-up has run. */
  boolean isEmpty() {
    return pending.isEmpty();
  }

  @Override
  public void opened(NatsSession opened) {
    SendQueues fresh = new SendQueues(new SendQueue(opened), new SendQueue(opened));
    // Set before the messages are collected: a message that comes meanwhile is queued by its
    // sender, or here.
    queues = fresh;
    queueUnsent(fresh);
  }

  @Override
  public void closed() {
    queues = null;
  }

  /** Never throws: any failure here, also an Error, counts as a failure to publish. */
  private void transmit(Transmission transmission) {
    OutboxEntry entry = transmission.message();
    NatsSession target = transmission.queue().session();
    if (!entry.claim(target)) {
      transmission.endUnconfirmed();
      return;
    }
    try {
      shrinkToLimit(entry, target);
      long sentNanos = time.nanos();
      CompletableFuture<?> unused =
          transport
              .publish(target, entry.message())
              .whenComplete((stored, failure) -> completed(transmission, sentNanos, failure));
    } catch (RuntimeException | Error e) {
      transmission.endUnconfirmed();
      scheduleAgain(entry, transmission.queue(), e);
    }
  }

  private void completed(Transmission transmission, long sentNanos, @Nullable Throwable failure) {
    SendQueue from = transmission.queue();
    if (failure == null) {
      transmission.confirmed(time.nanos() - sentNanos);
      confirm(transmission.message());
    } else {
      transmission.endUnconfirmed();
      scheduleAgain(transmission.message(), from, failure);
    }
    try {
      from.send(sender);
    } catch (RuntimeException | Error e) {
      requeueNeeded = true;
    }
  }

  /** Replaces a message that is too large for this server by a smaller one (contract section 2). */
  private void shrinkToLimit(OutboxEntry entry, NatsSession target) {
    OutgoingMessage before = entry.message();
    long limit = target.limit(before.subject());
    OutgoingMessage smaller = before.shrunkTo(limit);
    if (smaller.size() < before.size()) {
      bytes.addAndGet(smaller.weight() - before.weight());
      entry.replace(smaller);
      outboxLog.shrunk(before.subject(), before.size(), limit);
    }
  }

  private void confirm(OutboxEntry entry) {
    if (!entry.confirmOnce()) {
      return;
    }
    OutgoingMessage message = entry.message();
    bytes.addAndGet(-message.weight());
    unpublished(message).decrementAndGet();
    try {
      measure(entry);
      entry.followUp.run();
    } catch (RuntimeException | Error e) {
      outboxLog.followUpFailed(message.subject(), e);
    } finally {
      // Not before: a worker that stops waits for this, and the follow-up may send more.
      pending.remove(entry);
    }
  }

  private void measure(OutboxEntry entry) {
    try {
      if (entry.message().kind() == OutgoingMessage.MessageKind.RESULT) {
        meter.published(Duration.ofNanos(time.nanos() - entry.sinceNanos));
      }
    } catch (RuntimeException | Error e) {
      // A measurement that fails, for example for lack of memory, must not stop the follow-up.
    }
  }

  /**
   * Schedules another publication after a pause. It ignores a failure in an old session, because a
   * new session publishes everything again. Never throws.
   */
  private void scheduleAgain(OutboxEntry entry, SendQueue from, Throwable failure) {
    SendQueues current = queues;
    if (current == null || current.of(entry) != from) {
      return;
    }
    try {
      retryLater(entry, from, failure);
    } catch (RuntimeException | Error e) {
      entry.release(from.session());
      requeueNeeded = true;
    }
  }

  private void retryLater(OutboxEntry entry, SendQueue from, Throwable failure) {
    int failures = entry.countFailure();
    long pause = INITIAL_PAUSE_MS << Math.min(failures - 1, MAX_PAUSE_SHIFT);
    Future<?> unused =
        timer.schedule(
            () -> {
              entry.release(from.session());
              queueAndSend(entry);
            },
            pause,
            TimeUnit.MILLISECONDS);
    // One log line for each doubling: failures 1, 2, 4, 8 and so on.
    if (Integer.bitCount(failures) == 1) {
      outboxLog.notPublished(entry.message().subject(), failures, failure.toString());
    }
    if (from.session().mayPublish(entry.message().subject())) {
      request(PublishFailure.of(failure).remedy(entry.message().kind(), failures), from.session());
    }
  }

  private void request(PublishFailure.Remedy remedy, NatsSession session) {
    switch (remedy) {
      case NONE -> {}
      case STREAM_CHECK -> session.requestStreamCheck();
      case NEW_SESSION -> requestNewSession(session);
    }
  }

  private void requestNewSession(NatsSession old) {
    long now = time.nanos();
    long last = requestedNanos.get();
    if (now - last >= MIN_REQUEST_INTERVAL.toNanos() && requestedNanos.compareAndSet(last, now)) {
      old.requestEnd();
    }
  }

  /**
   * The messages to send in one session. Dead letters have a window of their own: while their
   * stream does not answer, they take no room from acks and results.
   */
  private record SendQueues(SendQueue answers, SendQueue deadLetters) {

    SendQueue of(OutboxEntry entry) {
      return isDeadLetter(entry.message()) ? deadLetters : answers;
    }
  }

  /** Measures the publication of results. */
  interface PublishMeter {

    /** Called after a confirmation, with the time since the result was ready. */
    void published(Duration time);
  }
}
