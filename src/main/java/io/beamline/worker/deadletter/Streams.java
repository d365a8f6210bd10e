package io.beamline.worker.deadletter;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds streams by their subjects (contract section 1). */
public final class Streams {

  private Streams() {}

  /** Returns the stream that holds a subject, or null if there is none. */
  static @Nullable StreamInfo find(JetStreamManagement management, String subject)
      throws IOException, JetStreamApiException {
    List<String> names = management.getStreamNames(subject);
    return names.isEmpty() ? null : management.getStreamInfo(names.getFirst());
  }

  /**
   * Returns the stream that holds a subject.
   *
   * @param setting the setting that names the subject, for the error
   * @throws CommandFailedException when there is no such stream
   */
  public static StreamInfo require(JetStreamManagement management, String subject, String setting)
      throws IOException, JetStreamApiException, CommandFailedException {
    StreamInfo found = find(management, subject);
    if (found == null) {
      throw new CommandFailedException(
          "no stream holds the subject "
              + subject
              + " ("
              + setting
              + "): no worker has made one there yet, or the subject is another");
    }
    return found;
  }
}
