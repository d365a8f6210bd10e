package io.beamline.worker.intake;

import io.beamline.worker.connection.AckSubject;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.queue.PullLimit;
import io.beamline.worker.queue.PullRoom;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Lease;
import io.beamline.worker.timeout.Durations;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.impl.Headers;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls from the durable consumer, in batches that the intake can handle at once. Under the policy
 * {@code hold} it requests what the pools will soon run. Otherwise the size of a batch does not
 * follow the room in the queue, because a full queue must still reject. Used by one thread.
 *
 * <p>The client has subscriptions of its own for pulls. This class sends the pull requests itself
 * and reads an ordinary subscription, for two reasons: an ordinary subscription can be drained, so
 * that no delivered message is left behind; and without limits it discards no message, however many
 * it holds.
 */
final class JetStreamSource implements MessageSource {

  private static final Logger log = LoggerFactory.getLogger(JetStreamSource.class);
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

  /**
   * The time between two checks whether there is memory for more assignments, while there is none.
   * It is short, because steps that end free memory all the time.
   */
  private static final Duration MEMORY_CHECK_INTERVAL = Duration.ofMillis(10);

  /**
   * The time between two checks whether there is room for more, while there is none. A pool of fast
   * steps asks for more when it still has some 75 ms of work.
   */
  private static final Duration ROOM_CHECK_INTERVAL = Duration.ofMillis(5);

  /** The shortest wait. The client takes zero for a wait without an end. */
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** The time between two looks at the stream for steps that a full pool holds up. */
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

  /** The header in which a consumer that delivers headers only names the size of the body. */
  private static final String SIZE_OF_BODY_LEFT_OUT = "Nats-Msg-Size";

  private final NatsSession session;
  private final String durable;
  private final Subscription subscription;
  private final PullRequests pulls;
  private final AssignmentMemory memory;
  private final PullRoom room;
  private final StreamView view;
  private final TimeSource time;
  private long lookedNanos;
  private boolean limited;
  private boolean limitIsNew;
  private boolean stopped;

  private JetStreamSource(
      NatsSession session,
      String durable,
      Subscription subscription,
      PullRequests pulls,
      AssignmentMemory memory,
      PullRoom room,
      StreamView view,
      TimeSource time) {
    this.session = session;
    this.durable = durable;
    this.subscription = subscription;
    this.pulls = pulls;
    this.memory = memory;
    this.room = room;
    this.view = view;
    this.time = time;
    this.lookedNanos = time.nanos() - LOOK_INTERVAL.toNanos();
  }

  /** Opens a subscription for the consumer. Requests nothing yet. */
  static JetStreamSource open(
      NatsSession session,
      String durable,
      StreamView view,
      AssignmentMemory memory,
      PullRoom room,
      TimeSource time,
      LogThrottle throttle)
      throws SourceFailedException {
    try {
      String inbox = session.connection().createInbox();
      Subscription subscription = session.connection().subscribe(inbox + ".*");
      subscription.setPendingLimits(-1, -1);
      PullRequests pulls = new PullRequests(session, durable, inbox, throttle);
      return new JetStreamSource(session, durable, subscription, pulls, memory, room, view, time);
    } catch (IllegalStateException e) {
      throw new SourceFailedException("the consumer cannot be read: " + e.getMessage());
    }
  }

  @Override
  public @Nullable Delivery next(Duration wait) throws InterruptedException, SourceFailedException {
    try {
      Message message = message(wait);
      if (message == null || handBackIfBodyIsMissing(message)) {
        return null;
      }
      return delivery(message);
    } catch (IllegalStateException e) {
      throw new SourceFailedException("the consumer cannot be read: " + e.getMessage());
    }
  }

  /** What was requested without a limit stays open for seconds, for any number of messages. */
  @Override
  public boolean hasRequestedTooMuch() {
    return limitIsNew;
  }

  @Override
  public boolean redelivers() {
    return true;
  }

  @Override
  public void stop() throws InterruptedException {
    stopped = true;
    drain();
    dropOpenRequests();
  }

  /**
   * Ends the subscription, and waits until the messages that the server sent before are here.
   * {@link #next} still returns them. What the server sends later reaches nobody: it notices that,
   * and redelivers the message at once.
   */
  private void drain() throws InterruptedException {
    try {
      Future<?> unused = subscription.drain(DRAIN_TIMEOUT);
    } catch (IllegalStateException e) {
      // The session is over, and with it the subscription.
    }
  }

  /**
   * Makes the server drop the open pull requests, by a request for the consumer's state. Otherwise
   * a server of version 2.9 keeps them although their subscription is gone. When a worker hands a
   * message back, the server would deliver it to such a request, and nobody would get the message
   * before its lease ends.
   */
  private void dropOpenRequests() {
    try {
      ConsumerInfo unused =
          session.jetStream().management().getConsumerInfo(session.stream(), durable);
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      log.atDebug()
          .addKeyValue("cause", e.getMessage())
          .log("The open pull requests could not be dropped; they expire by themselves");
    }
  }

  /** Returns the next message that is not a status of a pull, or null if none came in time. */
  private @Nullable Message message(Duration wait)
      throws InterruptedException, SourceFailedException {
    while (true) {
      Message message = subscription.nextMessage(stopped ? wait : afterRequest(wait));
      Status status = message == null ? null : message.getStatus();
      if (message == null || status == null) {
        return message;
      }
      if (!stopped) {
        pulls.statusReceived(message, status, time.nanos());
      }
    }
  }

  /**
   * Requests more if there is room. Returns how long to wait for a message: shorter than asked for
   * if there is no room, because room must be looked for again soon.
   */
  private Duration afterRequest(Duration wait) {
    if (limitIsNew) {
      return AT_ONCE;
    }
    if (!memory.hasRoom()) {
      return Durations.shorter(wait, MEMORY_CHECK_INTERVAL);
    }
    long now = time.nanos();
    if (limited == room.isLimited() && pulls.suffice(now)) {
      return wait;
    }
    PullLimit limit = room.limit(now);
    boolean wasUnlimited = pulls.hasRequested() && !limited;
    limited = limit.isLimited();
    if (limited && wasUnlimited) {
      limitIsNew = true;
      return AT_ONCE;
    }
    pulls.request(limit, now);
    if (limit.messages() > 0) {
      return wait;
    }
    lookAhead(now);
    return Durations.shorter(wait, ROOM_CHECK_INTERVAL);
  }

  /** While one pool is full, looks now and then whether the stream has steps for another one. */
  private void lookAhead(long nowNanos) {
    if (nowNanos - lookedNanos < LOOK_INTERVAL.toNanos()) {
      return;
    }
    Set<ResourcePool> heldUp = room.heldUp(nowNanos);
    if (!heldUp.isEmpty()) {
      lookedNanos = nowNanos;
      int place = view.firstFor(heldUp);
      if (place > 0) {
        room.seenInStream(place);
      }
    }
  }

  /**
   * Hands a message back if its header says that the server has left out its body. A sender may
   * have written that header itself, so the message is taken when it is delivered again.
   *
   * @return whether it was handed back
   * @throws SourceFailedException if the consumer delivers headers only, or its configuration
   *     cannot be read; the message is neither taken nor handed back, and is redelivered when its
   *     lease ends
   */
  private boolean handBackIfBodyIsMissing(Message message) throws SourceFailedException {
    Headers headers = message.getHeaders();
    if (headers == null
        || message.getData().length > 0
        || !namesASize(headers.getLast(SIZE_OF_BODY_LEFT_OUT))) {
      return false;
    }
    refuseHeadersOnly();
    if (message.metaData().deliveredCount() > 1) {
      return false;
    }
    pulls.delivered(message.consumeByteCount(), time.nanos());
    message.nak();
    return true;
  }

  private static boolean namesASize(@Nullable String value) {
    return value != null && !value.equals("0") && value.chars().allMatch(Character::isDigit);
  }

  private void refuseHeadersOnly() throws SourceFailedException {
    try {
      ConsumerInfo info =
          session.jetStream().management().getConsumerInfo(session.stream(), durable);
      if (info.getConsumerConfiguration().isHeadersOnly()) {
        throw new SourceFailedException(
            "the consumer delivers headers only: set its headers_only to false");
      }
    } catch (IOException | JetStreamApiException e) {
      throw new SourceFailedException(
          "a message came without its body, and the consumer cannot be read: " + e.getMessage());
    }
  }

  private Delivery delivery(Message message) {
    long deliveries = AckSubject.deliveries(message.getReplyTo());
    if (deliveries == 0) {
      throw new IllegalStateException("a message came that is no delivery of the consumer");
    }
    long now = time.nanos();
    pulls.delivered(message.consumeByteCount(), now);
    return new Delivery(
        message.getSubject(),
        message.getData(),
        message.getHeaders(),
        new Lease(
            message.getReplyTo(),
            session.streamIdentity(),
            now,
            AssignmentMemory.estimate(message.getData())),
        deliveries);
  }
}
