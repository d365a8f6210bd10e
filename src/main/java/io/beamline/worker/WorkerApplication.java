package io.beamline.worker;

import io.beamline.worker.command.WorkerCommands;
import io.beamline.worker.observability.logging.UncaughtErrors;
import io.beamline.worker.timeout.TimeSource;
import io.nats.spring.boot.autoconfigure.NatsAutoConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Starts the worker. Its NATS connection is its own: it must outlive a server that is away. The
 * package that auto-configurations search is an empty one: there is nothing for them to find, and
 * they would read each class of the worker.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = NatsAutoConfiguration.class)
@AutoConfigurationPackage(basePackages = "io.beamline.worker.none")
@Import(WorkerConfigurations.class)
public class WorkerApplication {

  /** Starts the worker with the given command line, or runs a command instead. */
  public static void main(String[] args) {
    // Some Java versions make a console where there is no terminal, unless told not to.
    System.setProperty("jdk.console", "java.base");
    if (WorkerCommands.areRequested(args)) {
      System.exit(commands().run(args));
    }
    UncaughtErrors.install();
    SpringApplication.run(WorkerApplication.class, args);
  }

  @SuppressWarnings("SystemConsoleNull") // the property brings null back
  private static WorkerCommands commands() {
    return new WorkerCommands(
        WorkerApplication.class,
        System.out,
        System.err,
        System.console() != null,
        TimeSource.system());
  }
}
