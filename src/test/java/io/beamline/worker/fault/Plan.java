package io.beamline.worker.fault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a site is made of. Not thread-safe. */
final class Plan {

  private final Flags flags;
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> natsConfig = new ArrayList<>();
  private final List<String> jvmOptions = new ArrayList<>();
  private int workers = 1;
  private int stepsPerSecond = 20;
  private boolean saboteur;
  private boolean poison;
  private boolean cluster;
  private boolean database;
  private boolean roguePlugin;

  /** One worker, and a load of 20 steps a second. */
  Plan(Flags flags) {
    this.flags = flags;
    environment.putAll(flags.environment());
    environment.put("WORKER_NATS_ACK_WAIT", "3s");
    environment.put("WORKER_POOLS_CPU_CONCURRENCY", "8");
    // One in three of its HTTP steps fails once, after an outage many in a row; none may be kept
    // from
    // its retry, and only a server that answers to nobody counts as down.
    environment.put("WORKER_DESTINATIONS_RETRY_MINIMUM", "1000000");
    environment.put("WORKER_DESTINATIONS_BREAKER_MINIMUM", "20");
    environment.put("WORKER_DESTINATIONS_BREAKER_FAILURE_RATE", "100");
    // Nothing of the steady load may be rejected, however long nobody works on it.
    environment.put("WORKER_POOLS_IO_MAX_QUEUE_SIZE", "100000");
    environment.put("WORKER_POOLS_CPU_MAX_QUEUE_SIZE", "100000");
  }

  Plan workers(int count) {
    workers = count;
    return this;
  }

  Plan load(int perSecond) {
    stepsPerSecond = perSecond;
    return this;
  }

  Plan env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Plan nats(String... lines) {
    natsConfig.addAll(List.of(lines));
    return this;
  }

  Plan jvm(String... options) {
    jvmOptions.addAll(List.of(options));
    return this;
  }

  /** Lets the test end threads inside the first worker. */
  Plan saboteur() {
    saboteur = true;
    return this;
  }

  /** Gives the workers blocks that die, and that kill. */
  Plan poison() {
    poison = true;
    return this;
  }

  /** Lets three NATS servers keep the streams together, without a network between to break. */
  Plan cluster() {
    cluster = true;
    return env("WORKER_NATS_REPLICAS", "3");
  }

  /** Gives the workers a PostgreSQL server of the site's own, as their only datasource. */
  Plan database() {
    database = true;
    return this;
  }

  /** Gives the workers a plug-in whose blocks misbehave. */
  Plan roguePlugin() {
    roguePlugin = true;
    return this;
  }

  Flags flags() {
    return flags;
  }

  Map<String, String> environment() {
    return environment;
  }

  List<String> natsConfig() {
    return natsConfig;
  }

  List<String> jvmOptions() {
    return jvmOptions;
  }

  int workers() {
    return workers;
  }

  int stepsPerSecond() {
    return stepsPerSecond;
  }

  boolean hasSaboteur() {
    return saboteur;
  }

  boolean hasCluster() {
    return cluster;
  }

  boolean hasDatabase() {
    return database;
  }

  boolean hasRoguePlugin() {
    return roguePlugin;
  }

  boolean hasPoison() {
    return poison;
  }
}
