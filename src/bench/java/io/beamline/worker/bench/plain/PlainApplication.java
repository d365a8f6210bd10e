package io.beamline.worker.bench.plain;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The service. Its jar is built by {@code src/bench/plain/pom.xml}. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(PlainSettings.class)
public class PlainApplication {

  /** Starts it. */
  public static void main(String[] arguments) {
    SpringApplication.run(PlainApplication.class, arguments);
  }
}
