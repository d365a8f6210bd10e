package io.beamline.worker;

import io.beamline.worker.command.WorkerCommands;
import io.beamline.worker.observability.logging.UncaughtErrors;
import io.beamline.worker.timeout.TimeSource;
import io.nats.spring.boot.autoconfigure.NatsAutoConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the worker. Its NATS connection is its own: it must outlive a server that is away. */
@SpringBootApplication(exclude = NatsAutoConfiguration.class)
@ConfigurationPropertiesScan
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
