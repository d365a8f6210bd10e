package io.beamline.worker.connection;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream that holds a subject of the worker (contract section 1). It is found by its subject,
 * whatever its name, and an existing one is never changed. Immutable.
 *
 * @param subject the subject
 * @param provision whether a missing stream is created ({@code worker.nats.provision})
 */
public record SubjectStream(String subject, boolean provision) {

  private static final Logger log = LoggerFactory.getLogger(SubjectStream.class);

  /** Returns the name of a stream that the worker creates. */
  public String name() {
    return subject.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /**
   * Returns what every stream that the worker creates has in common.
   *
   * @param replicas how many servers keep it
   */
  public StreamConfiguration.Builder configuration(int replicas) {
    return StreamConfiguration.builder()
        .name(name())
        .subjects(subject)
        .replicas(replicas)
        .storageType(StorageType.File);
  }

  /**
   * Returns the name of the stream, or null if it is missing and must not be created.
   *
   * @param missing what to create
   */
  public @Nullable String findOrCreate(JetStreamManagement management, StreamConfiguration missing)
      throws IOException, JetStreamApiException {
    List<String> found = management.getStreamNames(subject);
    if (!found.isEmpty()) {
      return found.getFirst();
    }
    if (!provision) {
      return null;
    }
    try {
      management.addStream(missing);
    } catch (JetStreamApiException e) {
      // Another worker may have created it at the same moment.
      List<String> created = management.getStreamNames(subject);
      if (created.isEmpty()) {
        throw e;
      }
      return created.getFirst();
    }
    log.atInfo()
        .addKeyValue("stream", missing.getName())
        .addKeyValue("subject", subject)
        .log("Stream made");
    return missing.getName();
  }

  /** Returns a sentence that says that the stream is missing, and what to do. */
  public String describeMissing() {
    return "no stream holds the subject "
        + subject
        + ": make one, or let the worker make it with worker.nats.provision=true";
  }
}
