package io.beamline.worker.config;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where requests over NATS may go (contract section 4).
 *
 * @param allowedSubjects subjects, in which {@code *} stands for one word and {@code >} for the
 *     rest; without any there is no block for such requests
 */
@ConfigurationProperties("worker.blocks.nats")
public record NatsBlockProperties(@DefaultValue List<String> allowedSubjects) {

  /** The name of the setting. */
  public static final String ALLOWED_SUBJECTS = "worker.blocks.nats.allowed-subjects";
}
