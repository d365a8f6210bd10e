package io.beamline.worker.support;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.observability.WorkerMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    context.registerBean(FeatureFlags.class, AllOff::new);
    context.registerBean(BlockRegistry.class, () -> new BlockRegistry(blocks));
    rooms.forEach(room -> context.scan("io.beamline.worker." + room));
    context.refresh();
  }

  /**
   * The rooms from the connection to one of them.
   *
   * @param last the room nearest to the door: {@code result}, {@code execution}, {@code queue} or
   *     {@code intake}
   * @param properties such as {@code worker.nats.ack-wait=1s}
   */
  public static WorkerSlice upTo(
      String last, String natsUrl, List<? extends Block> blocks, String... properties) {
    List<String> line = List.of("config", "connection", "result", "execution", "queue", "intake");
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

  /** The only bean of its type. */
  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }

  @ConfigurationPropertiesScan("io.beamline.worker.config")
  static class Settings {}

  private static final class AllOff implements FeatureFlags {

    @Override
    public FlagSnapshot snapshot(String assignmentId, String tenantId) {
      return FlagSnapshot.of(false, false);
    }

    @Override
    public boolean queueManagement() {
      return false;
    }

    @Override
    public List<String> enabledNames() {
      return List.of();
    }
  }
}
