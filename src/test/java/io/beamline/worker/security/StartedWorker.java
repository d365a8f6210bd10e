package io.beamline.worker.security;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.web.context.support.StandardServletEnvironment;

/**
 * A worker without NATS for one test, with an environment of its own and both ports open.
 *
 * @param context the whole of it
 */
record StartedWorker(ConfigurableApplicationContext context) implements AutoCloseable {

  /** Starts one with variables of the environment and with settings such as {@code a.b=c}. */
  static StartedWorker with(Map<String, Object> variables, String... settings) {
    StandardServletEnvironment environment = new StandardServletEnvironment();
    String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
    environment
        .getPropertySources()
        .replace(name, new SystemEnvironmentPropertySource(name, variables));
    String[] arguments =
        Stream.concat(
                Stream.of(
                    "server.port=0", "management.server.port=0", "worker.admin.password=right"),
                Arrays.stream(settings))
            .map(setting -> "--" + setting)
            .toArray(String[]::new);
    return new StartedWorker(
        new SpringApplicationBuilder(WebSlice.class).environment(environment).run(arguments));
  }

  int mainPort() {
    return port("local.server.port");
  }

  int managementPort() {
    return port("local.management.port");
  }

  private int port(String name) {
    return context.getEnvironment().getRequiredProperty(name, Integer.class);
  }

  @Override
  public void close() {
    context.close();
  }
}
