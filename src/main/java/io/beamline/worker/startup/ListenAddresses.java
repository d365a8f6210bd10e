package io.beamline.worker.startup;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.Environment;

/**
 * Where the worker listens, as somebody on its machine would write it. Immutable.
 *
 * @param main the TLS settings of the console's port; null for none
 * @param management the TLS settings of the port of health and metrics; null for none
 */
record ListenAddresses(@Nullable Ssl main, @Nullable Ssl management) {

  /** Returns the address of the console. */
  String console(Environment environment) {
    return address(main, environment.getProperty("local.server.port"), "/togglz-console");
  }

  /** Returns the address of the health endpoint. */
  String health(Environment environment) {
    return address(
        management, environment.getProperty("local.management.port"), "/actuator/health");
  }

  private static String address(@Nullable Ssl ssl, @Nullable String port, String path) {
    return (Ssl.isEnabled(ssl) ? "https" : "http") + "://localhost:" + port + path;
  }
}
