package io.beamline.worker.support;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.config.DestinationProperties;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.json.AssignmentDecoder;
import io.beamline.worker.contract.json.Decoded;
import io.beamline.worker.destination.Capacities;
import io.beamline.worker.destination.Destinations;
import io.beamline.worker.destination.LimitRules;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepFactory;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.QueueMetrics;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.observability.tracing.Tracing;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.rollout.RolloutRecorder;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * Some rooms of the worker, wired as in the worker, with every flag off and without its web
 * servers. Closing it drains them.
 */
public final class WorkerSlice implements AutoCloseable {

  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();

  private WorkerSlice(List<String> rooms, List<? extends Block> blocks, Map<String, Object> set) {
    context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("slice", set));
    context.register(Settings.class);
    context.registerBean(WorkerMetrics.class, () -> WorkerMetrics.standalone(List.of()));
    context.registerBean(QueueMetrics.class, QueueMetrics::standalone);
    context.registerBean(
        LogThrottle.class, () -> new LogThrottle(TimeSource.system(), Duration.ofSeconds(1)));
    context.registerBean(
        RolloutRecorder.class, () -> new RolloutRecorder(List.of(), TimeSource.system()));
    context.registerBean(FeatureFlags.class, FlagsOff::new);
    context.registerBean(Tracing.class, () -> Tracing.OFF);
    context.registerBean(ClientSpans.class, () -> ClientSpans.OFF);
    context.registerBean(BlockRegistry.class, () -> new BlockRegistry(blocks));
    if (rooms.contains("execution")) {
      context.registerBean(Destinations.class, this::destinations);
    }
    context.registerBean(SessionWatch.class);
    rooms.forEach(room -> context.scan("io.beamline.worker." + room));
    context.refresh();
  }

  /**
   * The rooms from the connection to one of them.
   *
   * @param last the room nearest to the door: {@code flagstore}, {@code result}, {@code suspect},
   *     {@code execution}, {@code queue}, {@code cancellation} or {@code intake}
   * @param properties such as {@code worker.nats.ack-wait=1s}
   */
  public static WorkerSlice upTo(
      String last, String natsUrl, List<? extends Block> blocks, String... properties) {
    List<String> line =
        List.of(
            "config",
            "connection",
            "flagstore",
            "result",
            "suspect",
            "execution",
            "queue",
            "cancellation",
            "intake");
    Map<String, Object> set = new HashMap<>();
    set.put("nats.spring.server", natsUrl);
    set.put("worker.id", "w-1");
    for (String property : properties) {
      String[] parts = property.split("=", 2);
      set.put(parts[0], parts[1]);
    }
    List<String> rooms = new ArrayList<>(line.subList(0, line.indexOf(last) + 1));
    return new WorkerSlice(rooms, blocks, set);
  }

  private Destinations destinations() {
    return new Destinations(
        new LimitRules(bean(DestinationProperties.class).limits(), List.of()),
        bean("waitingTimer", ScheduledExecutorService.class),
        bean(TimeSource.class),
        (view, from, forced) -> {},
        () -> 0.5,
        Capacities.UNLIMITED);
  }

  /** The session that is open, null while there is none. */
  public @Nullable NatsSession session() {
    return bean(SessionWatch.class).current;
  }

  /** The only bean of its type. */
  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** The bean of this name. */
  public <T> T bean(String name, Class<T> type) {
    return context.getBean(name, type);
  }

  /** A step of an assignment, in core delivery: nobody holds a lease on it. */
  public Step step(Assignments wanted) {
    return step(wanted, new Delivery("caf.exec.assign.v1", wanted.bytes(), null, null, 1));
  }

  /** A step of an assignment in core delivery, under these flags. */
  public Step step(Assignments wanted, FlagSnapshot flags) {
    return step(wanted, new Delivery("caf.exec.assign.v1", wanted.bytes(), null, null, 1), flags);
  }

  /** A step of an assignment that came with this delivery. */
  public Step step(Assignments wanted, Delivery delivery) {
    return step(wanted, delivery, FlagSnapshot.of(false, false));
  }

  /** A step of an assignment that came with this delivery, under these flags. */
  public Step step(Assignments wanted, Delivery delivery, FlagSnapshot flags) {
    return step(wanted, delivery, flags, bean(TimeSource.class).nanos());
  }

  /** A step of an assignment that arrived at this point on the monotonic clock. */
  public Step step(Assignments wanted, Delivery delivery, FlagSnapshot flags, long arrivedNanos) {
    Decoded decoded = new AssignmentDecoder(type -> true).decode(wanted.bytes());
    ExecAssignment assignment = ((Decoded.Valid) decoded).assignment();
    io.beamline.worker.result.Answer answer =
        bean(Answers.class).open(AssignmentIdentity.of(assignment), delivery);
    return bean(StepFactory.class)
        .create(assignment, flags, Objects.requireNonNull(answer), arrivedNanos);
  }

  @Override
  public void close() {
    context.close();
  }

  @ConfigurationPropertiesScan("io.beamline.worker.config")
  @ImportAutoConfiguration(SslAutoConfiguration.class)
  static class Settings {}

  static final class SessionWatch implements SessionListener {

    private volatile @Nullable NatsSession current;

    SessionWatch(NatsSessions sessions) {
      sessions.subscribe(this);
    }

    @Override
    public void opened(NatsSession session) {
      current = session;
    }

    @Override
    public void closed() {
      current = null;
    }
  }
}
