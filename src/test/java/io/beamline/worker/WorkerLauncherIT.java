package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jar with a Java that is too old for the worker. */
class WorkerLauncherIT {

  private static final Path JAR = Path.of("target", "beamline-worker.jar");
  private static final int JAVA_17 = 61;

  @Test
  void beginsWithAClassThatJava17CanLoad() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      String launcher = jar.getManifest().getMainAttributes().getValue("Start-Class");
      assertThat(launcher).isEqualTo(WorkerLauncher.class.getName());
      try (DataInputStream in =
          new DataInputStream(
              jar.getInputStream(
                  jar.getEntry("BOOT-INF/classes/" + launcher.replace('.', '/') + ".class")))) {
        assertThat(in.readInt()).isEqualTo(0xCAFEBABE);
        assertThat(in.readInt()).isEqualTo(JAVA_17);
      }
    }
  }

  @Test
  void saysWhichJavaItNeeds() throws Exception {
    Optional<Path> java = oldJava();
    assumeTrue(java.isPresent(), "no Java 17 to 20 in /usr/lib/jvm");
    Process process =
        new ProcessBuilder(java.orElseThrow().toString(), "-jar", JAR.toString(), "--version")
            .start();
    process.getOutputStream().close();
    List<String> errors =
        new String(process.getErrorStream().readAllBytes(), UTF_8).lines().toList();

    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(errors)
        .singleElement()
        .asString()
        .startsWith("beamline-worker: it needs Java 21 or newer, but this is Java ");
  }

  private static Optional<Path> oldJava() throws IOException {
    Path folder = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(
              home -> home.getFileName().toString().matches("(?i).*\\b(17|18|19|20)\\b.*"))
          .map(home -> home.resolve("bin").resolve("java"))
          .filter(Files::isExecutable)
          .findFirst();
    }
  }
}
