package io.beamline.worker.support;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * A NATS server in a container, for machines with a container engine. The store lives in the
 * container and outlives {@link #stop()} and {@link #kill()}; it goes when the store is wiped.
 */
final class NatsContainer implements NatsRuntime {

  private static final DockerImageName IMAGE = DockerImageName.parse("nats:2.11-alpine");
  private static final String CONFIG_IN_CONTAINER = "/etc/beamline-nats.conf";
  private static final Pattern NAMED_FILE = Pattern.compile("_file: \"([^\"]+)\"");

  private @Nullable GenericContainer<?> container;
  private @Nullable Path startedFrom;

  /** Whether a container engine answers. */
  static boolean available() {
    boolean engineLikely =
        System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
    return engineLikely && DockerClientFactory.instance().isDockerAvailable();
  }

  @Override
  public void start(Path config, int port) throws IOException {
    boolean storeKept = Files.isDirectory(config.resolveSibling(NatsServer.STORE));
    if (container != null && storeKept && config.equals(startedFrom)) {
      docker().startContainerCmd(container.getContainerId()).exec();
      return;
    }
    remove();
    Files.createDirectories(config.resolveSibling(NatsServer.STORE));
    GenericContainer<?> fresh = new GenericContainer<>(IMAGE);
    fresh.setPortBindings(List.of(port + ":" + port));
    fresh.withCopyToContainer(MountableFile.forHostPath(config), CONFIG_IN_CONTAINER);
    for (String file : filesNamedIn(config)) {
      fresh.withCopyToContainer(MountableFile.forHostPath(file), file);
    }
    fresh.withCommand("-c", CONFIG_IN_CONTAINER).start();
    container = fresh;
    startedFrom = config;
  }

  @Override
  public boolean alive() {
    if (container == null) {
      return false;
    }
    var state = docker().inspectContainerCmd(container.getContainerId()).exec().getState();
    return Boolean.TRUE.equals(state.getRunning());
  }

  @Override
  public void stop() {
    if (container != null && alive()) {
      docker().stopContainerCmd(container.getContainerId()).withTimeout(15).exec();
    }
  }

  @Override
  public void kill() {
    if (container != null && alive()) {
      docker().killContainerCmd(container.getContainerId()).exec();
    }
  }

  @Override
  public void reload(Path config) {
    if (container != null) {
      container.copyFileToContainer(MountableFile.forHostPath(config), CONFIG_IN_CONTAINER);
      docker().killContainerCmd(container.getContainerId()).withSignal("HUP").exec();
    }
  }

  @Override
  public String log() {
    return container == null ? "" : container.getLogs();
  }

  @Override
  public String description() {
    return "container " + IMAGE.asCanonicalNameString();
  }

  /** Removes the container and the store in it. */
  void remove() {
    if (container != null) {
      container.stop();
      container = null;
    }
  }

  /** Certificates and keys, which lie in the container where they lie here. */
  private static List<String> filesNamedIn(Path config) throws IOException {
    return NAMED_FILE
        .matcher(Files.readString(config))
        .results()
        .map(result -> result.group(1))
        .distinct()
        .toList();
  }

  private static DockerClient docker() {
    return DockerClientFactory.instance().client();
  }
}
