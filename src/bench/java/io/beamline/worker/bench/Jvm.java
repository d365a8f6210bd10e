package io.beamline.worker.bench;

import java.nio.file.Path;
import java.util.List;

/** The options of the JVM that every side of a comparison gets. */
final class Jvm {

  /** Those of the image, with the thorough compiler, which tests do without, and the same heap. */
  static final List<String> OPTIONS =
      List.of(
          "@" + Path.of("src", "main", "docker", "jvm.options").toAbsolutePath(),
          "-XX:TieredStopAtLevel=4",
          "-Xmx1g");

  private Jvm() {}
}
