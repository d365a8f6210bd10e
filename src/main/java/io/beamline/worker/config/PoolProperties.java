package io.beamline.worker.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The pools that steps run in (contract sections 4 and 8).
 *
 * @param io for blocks that wait on sockets or files
 * @param cpu for blocks that compute
 */
@ConfigurationProperties("worker.pools")
public record PoolProperties(@DefaultValue Io io, @DefaultValue Cpu cpu) {

  /**
   * The pool of blocks that wait.
   *
   * @param concurrency steps that run at once, 1 to 1 024
   * @param maxQueueSize steps that may wait, with queue management on, 1 to 1 000 000
   */
  public record Io(
      @DefaultValue("32") @Min(1) @Max(1_024) int concurrency,
      @DefaultValue("1000") @Min(1) @Max(1_000_000) int maxQueueSize) {}

  /**
   * The pool of blocks that compute.
   *
   * @param concurrency steps that run at once, 0 to 1 024; 0 (the default) is one per processor
   * @param maxQueueSize steps that may wait, with queue management on, 1 to 1 000 000
   */
  public record Cpu(
      @DefaultValue("0") @Min(0) @Max(1_024) int concurrency,
      @DefaultValue("1000") @Min(1) @Max(1_000_000) int maxQueueSize) {

    /** Replaces 0 by the number of processors. */
    public Cpu {
      if (concurrency == 0) {
        concurrency = Runtime.getRuntime().availableProcessors();
      }
    }
  }
}
