package io.beamline.worker.result;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.logging.PeriodicTasks;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The publishing side of a worker against a real server, whose sessions a test opens and ends by
 * itself.
 */
final class ResultFixture implements AutoCloseable {

  static final Duration SOON = Duration.ofSeconds(20);
  static final Duration ACK_WAIT = Duration.ofSeconds(1);

  private static final ThreadPoolTaskScheduler TRANSPORT_TIMER = timer("transport-");

  final NatsServer nats;
  final RouterStandIn router;
  final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  final Outbox outbox;
  final ServerLimits limits = new ServerLimits();
  final Leases leases =
      new Leases(TimeSource.system(), new LogThrottle(TimeSource.system(), Duration.ofSeconds(1)));
  final WorkerMetrics metrics = WorkerMetrics.standalone(List.of());
  final AnswerWriter writer;
  final Answers answers;
  final DeadLetters deadLetters;
  private @Nullable Connection connection;

  ResultFixture() {
    this(jetStream(), 1 << 20);
  }

  /** A scheduler of one thread, as the worker has them. */
  static ThreadPoolTaskScheduler timer(String name) {
    LogThrottle throttle = new LogThrottle(TimeSource.system(), Duration.ofSeconds(1));
    ThreadPoolTaskScheduler timer = PeriodicTasks.scheduler(name, 1, throttle);
    timer.initialize();
    return timer;
  }

  /** What a worker publishes by. */
  static Transport jetStream() {
    return new JetStreamTransport(TRANSPORT_TIMER, TimeSource.system());
  }

  /** A worker that may keep this many bytes of unpublished answers. */
  ResultFixture(Transport transport, long maxBytes, String... serverConfig) {
    nats = NatsServer.start(serverConfig);
    router = RouterStandIn.connect(nats.url());
    router.streams().provision();
    TimeSource time = TimeSource.system();
    LogThrottle throttle = new LogThrottle(time, Duration.ofSeconds(1));
    outbox = new Outbox(transport, timer, time, throttle, published -> {}, maxBytes);
    NatsDeliveryProperties.Subjects subjects = ConnectionFixture.settings().subjects();
    writer = new AnswerWriter(subjects, limits::of);
    deadLetters = new DeadLetters(writer, outbox, leases, metrics, time, throttle);
    answers = anotherWorkersAnswers();
    Future<?> unused = timer.scheduleAtFixedRate(leases::renewDue, 50, 50, TimeUnit.MILLISECONDS);
  }

  /** Answers that know nothing of those given before. */
  Answers anotherWorkersAnswers() {
    TimeSource time = TimeSource.system();
    LogThrottle throttle = new LogThrottle(time, Duration.ofSeconds(1));
    return new Answers(writer, outbox, leases, deadLetters, metrics, time, throttle, "w-1");
  }

  /** A session, which ends when the server does. */
  NatsSession open() {
    return open("stream-1");
  }

  /** A session with a stream of this identity. */
  NatsSession open(String identity) {
    return opened(ConnectionFixture.session(connected(), identity, ACK_WAIT));
  }

  /** A session whose stream of results takes messages of so many bytes only. */
  NatsSession openTaking(long bytes) {
    Map<String, Long> largest = Map.of(Subjects.STANDARD.result(), bytes);
    return opened(ConnectionFixture.session(connected(), "stream-1", ACK_WAIT, largest));
  }

  private Connection connected() {
    try {
      Connection made = Nats.connect(Options.builder().server(nats.url()).noReconnect().build());
      connection = made;
      return made;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private NatsSession opened(NatsSession session) {
    limits.opened(session);
    outbox.opened(session);
    leases.opened(session);
    return session;
  }

  /** Ends the session. */
  void end() {
    outbox.closed();
    leases.closed();
    disconnect();
  }

  /** A consumer as the worker has it, through the Router's connection. */
  JetStreamSubscription consumer() {
    try {
      return router
          .connection()
          .jetStream()
          .subscribe(
              "caf.exec.assign.v1",
              PullSubscribeOptions.builder()
                  .durable("caf-workers")
                  .configuration(
                      ConsumerConfiguration.builder()
                          .ackPolicy(AckPolicy.Explicit)
                          .ackWait(ACK_WAIT)
                          .build())
                  .build());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next message of a consumer, null when none comes within the time. */
  static @Nullable Message pull(JetStreamSubscription from, Duration within) {
    List<Message> messages = from.fetch(1, within);
    return messages.isEmpty() ? null : messages.getFirst();
  }

  /** A message that must come soon. */
  static Message pull(JetStreamSubscription from) {
    Message message = pull(from, SOON);
    if (message == null) {
      throw new AssertionError("nothing was delivered");
    }
    return message;
  }

  static Delivery delivery(Message message) {
    return new Delivery(
        message.getSubject(),
        message.getData(),
        message.getHeaders(),
        new Lease(message.getReplyTo(), "stream-1", TimeSource.system().nanos(), 0),
        message.metaData().deliveredCount());
  }

  /** A delivery that no server knows of. */
  static Delivery delivery(@Nullable Lease lease) {
    return new Delivery("caf.exec.assign.v1", new byte[0], null, lease, 1);
  }

  static AssignmentIdentity identity(String id) {
    return identity(id, "worker:echo", Correlation.NONE);
  }

  static AssignmentIdentity identity(String id, String provider, Correlation correlation) {
    return new AssignmentIdentity(id, "r-" + id, "tenant-a", provider, "echo", correlation);
  }

  static ExecResult success(AssignmentIdentity identity) {
    return success(identity, Map.of("done", true));
  }

  static ExecResult success(AssignmentIdentity identity, Map<String, ?> outputs) {
    return result(identity, new StepOutcome.Success(Outputs.of(outputs)));
  }

  static ExecResult failure(AssignmentIdentity identity) {
    return result(
        identity, new StepOutcome.Failure(StepError.of(ErrorCode.EXECUTION_FAILED, "It failed")));
  }

  private static ExecResult result(AssignmentIdentity identity, StepOutcome outcome) {
    long now = TimeSource.system().epochMillis();
    return new ExecResult(identity, outcome, 1, 0, now, ExecResult.Cp2.NOTHING);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    disconnect();
    router.close();
    nats.close();
  }

  private void disconnect() {
    Connection open = connection;
    if (open != null) {
      NatsServer.disconnect(open);
    }
  }
}
