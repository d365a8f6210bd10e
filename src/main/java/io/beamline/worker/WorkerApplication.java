package io.beamline.worker;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the worker. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class WorkerApplication {

  /** Starts the worker with the given command line. */
  public static void main(String[] args) {
    SpringApplication.run(WorkerApplication.class, args);
  }
}
