package io.beamline.worker.intake;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.result.Delivery;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages of a core NATS queue group: each goes to one worker, at most once. Messages are
 * kept here and not in the client's subscription, which discards what it holds when its drain times
 * out. Used by one thread; the client's thread adds messages to the concurrent queue.
 */
final class CoreSource implements MessageSource {

  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

  private final Dispatcher dispatcher;
  private final BlockingQueue<Message> arrived;

  private CoreSource(Dispatcher dispatcher, BlockingQueue<Message> arrived) {
    this.dispatcher = dispatcher;
    this.arrived = arrived;
  }

  /** Joins the queue group. */
  static CoreSource open(NatsSession session, String subject, String queueGroup)
      throws SourceFailedException {
    try {
      BlockingQueue<Message> arrived = new LinkedBlockingQueue<>();
      Dispatcher dispatcher = session.connection().createDispatcher(arrived::add);
      dispatcher.setPendingLimits(-1, -1);
      dispatcher.subscribe(subject, queueGroup);
      return new CoreSource(dispatcher, arrived);
    } catch (IllegalStateException e) {
      throw new SourceFailedException("the subject cannot be read: " + e.getMessage());
    }
  }

  @Override
  public @Nullable Delivery next(Duration wait) throws InterruptedException, SourceFailedException {
    Message message = arrived.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    if (message == null) {
      if (!dispatcher.isActive()) {
        throw new SourceFailedException("the subject is not read any more");
      }
      return null;
    }
    return new Delivery(message.getSubject(), message.getData(), message.getHeaders(), null, 1);
  }

  @Override
  public boolean redelivers() {
    return false;
  }

  @Override
  public void stop() throws InterruptedException {
    try {
      dispatcher.drain(DRAIN_TIMEOUT).get(DRAIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IllegalStateException | ExecutionException | TimeoutException e) {
      // The session is over, and with it the subscription. What arrived is still in the queue.
    }
  }
}
