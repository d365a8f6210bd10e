package io.beamline.worker;

import io.beamline.worker.observability.UncaughtErrors;
import io.nats.spring.boot.autoconfigure.NatsAutoConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the worker. Its NATS connection is its own: it must outlive a server that is away. */
@SpringBootApplication(exclude = NatsAutoConfiguration.class)
@ConfigurationPropertiesScan
public class WorkerApplication {

  /** Starts the worker with the given command line. */
  public static void main(String[] args) {
    UncaughtErrors.logFromNowOn();
    SpringApplication.run(WorkerApplication.class, args);
  }
}
