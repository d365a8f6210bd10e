package io.beamline.worker.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the build says of itself. */
final class ProgramVersion {

  private static final String FILE = "/META-INF/build-info.properties";

  private ProgramVersion() {}

  /** Returns the version, the time of the build and the Java that runs it. */
  static String describe() {
    Properties build = new Properties();
    try (InputStream in = ProgramVersion.class.getResourceAsStream(FILE)) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "beamline-worker %s, built %s, on Java %s"
        .formatted(
            build.getProperty("build.version", "unknown"),
            build.getProperty("build.time", "at an unknown time"),
            Runtime.version());
  }
}
