package io.beamline.worker.block.http;

import java.util.function.IntPredicate;
import org.springframework.core.env.Environment;

/**
 * Tests whether the worker itself listens on a port (contract section 9). If the system chooses the
 * ports (setting 0), they are known once the web servers have started. Thread-safe.
 */
record OwnPorts(Environment environment) implements IntPredicate {

  @Override
  public boolean test(int port) {
    return port == port("local.server.port", "server.port", 9091)
        || port == port("local.management.port", "management.server.port", 9092);
  }

  private int port(String chosen, String configured, int otherwise) {
    int wanted = environment.getProperty(configured, Integer.class, otherwise);
    return environment.getProperty(chosen, Integer.class, wanted);
  }
}
