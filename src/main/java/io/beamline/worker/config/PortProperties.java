package io.beamline.worker.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;

/**
 * The ports of contract section 9. Spring Boot opens them, and takes a negative one for "no port".
 * Here they have a range, like every other setting.
 */
public final class PortProperties {

  private PortProperties() {}

  /**
   * The port of the health check and the console.
   *
   * @param port 0 to 65 535; 0 is any that is free
   * @param forwardHeadersStrategy whether the headers in which a proxy names the client, its scheme
   *     and its host count, on both ports; they do not by default, wherever the worker runs
   */
  @ConfigurationProperties("server")
  public record Main(
      @DefaultValue("9091") @Min(0) @Max(65_535) int port,
      @DefaultValue("none") ForwardHeadersStrategy forwardHeadersStrategy) {}

  /**
   * The port of the actuator.
   *
   * @param port 0 to 65 535, another one than the main port; 0 is any that is free
   */
  @ConfigurationProperties("management.server")
  public record Management(@DefaultValue("9092") @Min(0) @Max(65_535) int port) {}
}
