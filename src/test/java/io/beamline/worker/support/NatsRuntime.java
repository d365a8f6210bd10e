package io.beamline.worker.support;

import java.io.IOException;
import java.nio.file.Path;

/** How a NATS server is run: a process of this machine, or a container. Used by one thread. */
interface NatsRuntime {

  /**
   * Starts the server; returns before it is ready.
   *
   * @param config the configuration file; the store lies beside it, in {@link NatsServer#STORE}
   * @param port the port it listens on
   */
  void start(Path config, int port) throws IOException;

  /** Whether it runs. */
  boolean alive();

  /** Ends it orderly (SIGTERM); returns when it has ended. */
  void stop();

  /** Ends it at once (SIGKILL); returns when it has ended. */
  void kill();

  /** Has it read its configuration again while it runs (SIGHUP). */
  void reload(Path config);

  /** What it has written to its log. */
  String log();

  /** What it is, for a person. */
  String description();
}
