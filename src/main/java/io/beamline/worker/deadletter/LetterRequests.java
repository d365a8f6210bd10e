package io.beamline.worker.deadletter;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.config.TlsBundle;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.connection.CommandConnection;
import io.beamline.worker.connection.FailureDescription;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Serves requests for dead letters over HTTP, one at a time, each with a thread and a connection to
 * NATS of its own: so they need no memory while nobody asks, and disturb no step. The server's
 * threads call it concurrently. Thread-safe: its only state is a semaphore.
 */
final class LetterRequests {

  private static final String WORKER = "the worker";

  private final Settings settings;
  private final TimeSource time;
  private final Limits limits;
  private final Semaphore turn = new Semaphore(1);

  LetterRequests(Settings settings, TimeSource time, Limits limits) {
    this.settings = settings;
    this.time = time;
    this.limits = limits;
  }

  /**
   * Runs a task. Returns within the sum of {@link Limits#turn} and {@link Limits#answer}.
   *
   * @throws LetterRequestException when it cannot be done; its sentence says why
   */
  <T> T run(LetterTask<T> task) throws LetterRequestException, InterruptedException {
    if (!turn.tryAcquire(limits.turn().toMillis(), TimeUnit.MILLISECONDS)) {
      throw LetterRequestException.busy(
          "another request for dead letters is under way on this worker: ask again when it has"
              + " ended, some seconds from now");
    }
    FutureTask<T> work = new FutureTask<>(() -> connectAndRun(task));
    start(work);
    try {
      return work.get(limits.answer().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw LetterRequestException.unavailable(
          "NATS did not answer within "
              + limits.answer().toSeconds()
              + " s; the same request may be repeated: nothing is replayed twice");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LetterRequestException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      work.cancel(true);
    }
  }

  /** Starts the thread, which ends the turn. Whoever waits for it may have gone by then. */
  private void start(FutureTask<?> work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } finally {
                turn.release();
              }
            },
            "dead-letters");
    thread.setDaemon(true);
    boolean started = false;
    try {
      thread.start();
      started = true;
    } finally {
      if (!started) {
        turn.release();
      }
    }
  }

  private <T> T connectAndRun(LetterTask<T> task)
      throws LetterRequestException, InterruptedException {
    Deadline deadline = Deadline.after(time.nanos(), limits.work());
    CommandConnection connection;
    try {
      connection =
          CommandConnection.open(
              settings.nats(), settings.delivery(), settings.worker(), settings.tls(), WORKER);
    } catch (UnusableSettingException | IOException e) {
      throw LetterRequestException.unavailable(String.valueOf(e.getMessage()));
    }
    try {
      return run(task, connection, deadline);
    } finally {
      // An interrupt has ended the work; it must not end the closing too.
      boolean unused = Thread.interrupted();
      connection.close();
    }
  }

  private <T> T run(LetterTask<T> task, CommandConnection connection, Deadline deadline)
      throws LetterRequestException {
    JetStreamApi jetStream = connection.jetStream();
    try {
      LetterStream letters = open(jetStream);
      return task.run(
          new LetterOperations(jetStream, settings.delivery(), letters, time, deadline));
    } catch (CommandFailedException e) {
      throw LetterRequestException.unavailable(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw LetterRequestException.unavailable(connection.describeFailure(e));
    } catch (JetStreamApiException e) {
      throw LetterRequestException.unavailable(FailureDescription.describe(e));
    } catch (IllegalStateException e) {
      // The client throws this once its connection is closed; otherwise it is a defect.
      if (jetStream.connection().getStatus() != Connection.Status.CONNECTED) {
        throw LetterRequestException.unavailable("the connection to NATS was lost: ask again");
      }
      throw e;
    }
  }

  private LetterStream open(JetStreamApi jetStream)
      throws IOException, JetStreamApiException, CommandFailedException {
    try {
      return LetterStream.open(jetStream, settings.delivery().subjects().dlq());
    } catch (CommandFailedException e) {
      if (settings.delivery().delivery() != DeliveryMode.CORE) {
        throw e;
      }
      throw new CommandFailedException(
          "with worker.nats.delivery=core, dead letters are kept only if you made a stream for"
              + " them: "
              + e.getMessage());
    }
  }

  /** Something to do with the letters. */
  @FunctionalInterface
  interface LetterTask<T> {

    /** Does it. */
    T run(LetterOperations letters)
        throws IOException, JetStreamApiException, CommandFailedException, LetterRequestException;
  }

  /**
   * The settings of the worker that a request needs.
   *
   * @param tls the certificates for NATS; null for what {@code nats} says
   */
  record Settings(
      NatsProperties nats,
      NatsDeliveryProperties delivery,
      WorkerProperties worker,
      @Nullable TlsBundle tls) {}

  /**
   * The limits of a request.
   *
   * @param turn how long it waits for the one before it
   * @param work after which time it ends at the next letter
   * @param answer after which time it is given up, if NATS does not answer
   */
  record Limits(Duration turn, Duration work, Duration answer) {}
}
