package io.beamline.worker.config;

import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the states of the CP2 flags are stored, and which id a gradual rollout uses.
 *
 * @param store {@code memory}: each worker has its own, until it restarts; {@code nats-kv}: the
 *     fleet shares a key-value bucket of JetStream
 * @param bucket the bucket's name, 1 to 128 letters, digits, {@code -} and {@code _}
 * @param gradualBy the id that decides on which side of a share an assignment falls
 */
@ConfigurationProperties("worker.features")
public record FeatureProperties(
    @DefaultValue("memory") Store store,
    @DefaultValue("beamline-worker-features")
        @Pattern(regexp = "[A-Za-z0-9_-]{1,128}", message = "1 to 128 letters, digits, - and _")
        String bucket,
    @DefaultValue("assignment_id") GradualBy gradualBy) {

  /** The name of the setting {@code store}. */
  public static final String STORE = "worker.features.store";

  /** Where the states of the flags are stored. */
  public enum Store {
    /** In the worker: a restart goes back to the configured states. */
    MEMORY("memory"),
    /** In a key-value bucket of JetStream that the whole fleet shares. */
    NATS_KV("nats-kv");

    private final String setting;

    Store(String setting) {
      this.setting = setting;
    }

    /** Returns the value as it is written in the settings. */
    @Override
    public String toString() {
      return setting;
    }
  }

  /** The id that decides on which side of a share an assignment falls. */
  public enum GradualBy {
    /** Each assignment by itself. */
    ASSIGNMENT_ID,
    /** All assignments of a tenant alike. */
    TENANT_ID
  }
}
