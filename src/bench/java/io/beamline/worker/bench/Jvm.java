package io.beamline.worker.bench;

import java.nio.file.Path;
import java.util.List;

/** The options of the JVM that every side of a comparison gets. */
final class Jvm {

  /** Both compilers, as a JVM has them by itself. Tests do without the thorough one. */
  static final String THOROUGH = "-XX:TieredStopAtLevel=4";

  /** Those of the image, with the thorough compiler and the same heap. */
  static final List<String> OPTIONS =
      List.of(
          "@" + Path.of("src", "main", "docker", "jvm.options").toAbsolutePath(),
          THOROUGH,
          "-Xmx1g");

  private Jvm() {}
}
