package io.beamline.worker.fault;

import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.NatsCluster;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.NetworkProxy;
import io.beamline.worker.support.PluginJars;
import io.beamline.worker.support.Poison;
import io.beamline.worker.support.PostgresServer;
import io.beamline.worker.support.RogueBlocks;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Sabotage;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Workers with all that they depend on, each part of which can be broken: NATS, the network to it,
 * a server for HTTP steps, and a folder that the workers share. Not thread-safe.
 */
final class Site implements AutoCloseable {

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Plan plan;
  private final Path folder;
  private final @Nullable NatsCluster cluster;
  private final @Nullable NatsServer nats;
  private final @Nullable NetworkProxy network;
  private final @Nullable PostgresServer database;
  private final String natsUrl;
  private final Pages pages;
  private final Fleet fleet;
  private final RouterStandIn router;
  private final Ledger ledger;
  private final Load load;

  private Site(Plan plan) throws IOException {
    this.plan = plan;
    folder = Files.createTempDirectory("beamline-site-").toRealPath();
    parts.push(() -> FileSystemUtils.deleteRecursively(folder));
    Files.createDirectory(files());
    if (plan.hasCluster()) {
      cluster = part(NatsCluster.start());
      nats = null;
      network = null;
      natsUrl = cluster.urls();
    } else {
      cluster = null;
      nats = part(NatsServer.start(plan.natsConfig().toArray(String[]::new)));
      network = part(NetworkProxy.before(nats.port()));
      natsUrl = "nats://127.0.0.1:" + network.port();
    }
    database = plan.hasDatabase() ? part(PostgresServer.start()) : null;
    if (database != null) {
      plan.env("WORKER_BLOCKS_SQL_DATASOURCES_GONE_URL", database.url());
      plan.env("WORKER_BLOCKS_SQL_DATASOURCES_GONE_USERNAME", "postgres");
    }
    if (plan.hasRoguePlugin()) {
      Path plugins = Files.createDirectory(folder.resolve("plugins"));
      PluginJars.pack(RogueBlocks.class, plugins.resolve("rogue.jar"));
      plan.env("WORKER_PLUGINS_DIRECTORY", plugins.toString());
    }
    pages = new Pages(part(MisbehavingHttpServer.start()));
    fleet = part(Fleet.start(plan.workers(), this::worker));
    router =
        part(
            cluster == null
                ? RouterStandIn.connect(nats().url())
                : RouterStandIn.connect(cluster.options(), Subjects.STANDARD));
    ledger = new Ledger(router.streams());
    load = part(new Load(router, ledger, pages, files(), plan.stepsPerSecond()));
  }

  /** Builds a site, and waits until its workers are ready. */
  static Site open(Plan plan) throws IOException {
    return new Site(plan);
  }

  Flags flags() {
    return plan.flags();
  }

  /** The folder that the workers' file steps may touch. */
  Path files() {
    return folder.resolve("files");
  }

  NatsServer nats() {
    return Objects.requireNonNull(nats, "the plan has a cluster");
  }

  NatsCluster cluster() {
    return Objects.requireNonNull(cluster, "the plan has no cluster");
  }

  PostgresServer database() {
    return Objects.requireNonNull(database, "the plan has no database");
  }

  /** The sum of a metric over all workers. */
  double sum(String metric, String... labels) {
    double sum = 0;
    for (int place = 0; place < fleet.size(); place++) {
      sum += fleet.get(place).metric(metric, labels);
    }
    return sum;
  }

  /** Between the workers and NATS; the Router has a network of its own. */
  NetworkProxy network() {
    return Objects.requireNonNull(network, "the plan has a cluster");
  }

  Pages pages() {
    return pages;
  }

  Fleet fleet() {
    return fleet;
  }

  RouterStandIn router() {
    return router;
  }

  Ledger ledger() {
    return ledger;
  }

  Load load() {
    return load;
  }

  /** Waits until every assignment is answered, and the server has none left to deliver. */
  void awaitSettled(Duration atMost) {
    Settling settling = new Settling();
    Awaitility.await("every assignment is settled")
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(() -> isSettled(settling));
  }

  private boolean isSettled(Settling settling) {
    return settling.isDone(router.streams().books(), fleet.leasesHeld(), System.nanoTime())
        && ledger.count().lost().isEmpty();
  }

  @Override
  public void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  private WorkerProcess.Builder worker(int place) {
    WorkerProcess.Builder builder =
        WorkerProcess.of(natsUrl)
            .env("WORKER_ID", "worker-" + place)
            .env("WORKER_BLOCKS_FS_ROOTS", files().toString())
            .jvm(plan.jvmOptions().toArray(String[]::new));
    plan.environment().forEach(builder::env);
    try {
      if (plan.hasPoison()) {
        Poison.inside(builder, folder);
      }
      return plan.hasSaboteur() && place == 0 ? Sabotage.inside(builder, folder) : builder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
