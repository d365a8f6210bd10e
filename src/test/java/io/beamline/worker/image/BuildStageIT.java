package io.beamline.worker.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.image.Container.Ended;
import io.beamline.worker.image.Dockerfile.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/**
 * The stage that makes the jar: its commands are run as they are written, on nothing but what it
 * copies, on this machine with whatever they change in it thrown away. It compiles the whole
 * project once more.
 */
@Tag("long")
class BuildStageIT {

  private static final Path FOLDER = Path.of("target", "image-build");

  private final Stage stage = Dockerfile.read().stages().getFirst();

  @Test
  void installsItsPackages() throws IOException {
    Disposable machine = Disposable.in(Files.createDirectories(FOLDER.resolve("packages")));
    Instruction install = stage.all("RUN").getFirst();
    Assumptions.assumeTrue(machine.run("command -v apt-get").well(), "no apt-get here");

    Ended ended =
        machine.run("(" + install.text() + ") && unzip -v && ls /var/lib/apt/lists | wc -l");

    Assumptions.assumeFalse(ended.output().contains("Failed to fetch"), "no package server");
    assertThat(ended.well()).as(ended.output()).isTrue();
    assertThat(ended.output().strip()).endsWith("\n0");
  }

  @Test
  void makesTheSameJarFromWhatItCopies() throws IOException {
    Path folder = FOLDER.resolve("jar");
    FileSystemUtils.deleteRecursively(folder);
    Disposable machine = Disposable.in(Files.createDirectories(folder));
    for (Instruction one : stage.instructions()) {
      if (one.keyword().equals("COPY")) {
        ImageBuild.copyFromRepository(one, folder.resolve(one.destination()));
      } else if (one.keyword().equals("RUN") && !one.equals(stage.all("RUN").getFirst())) {
        Ended ended = machine.run(one.text());
        assertThat(ended.well()).as(one.text() + "\n" + ended.output()).isTrue();
      }
    }

    assertThat(entries(folder.resolve(ImageBuild.JAR))).isEqualTo(entries(ImageBuild.JAR));
    assertThat(folder.resolve("layers").toFile().list())
        .contains("dependencies", "snapshot-dependencies", "application");
    FileSystemUtils.deleteRecursively(folder);
  }

  /** The names in a jar, but for the bill of materials: a build without network makes none. */
  private static List<String> entries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(JarEntry::getName)
          .filter(name -> !name.startsWith("META-INF/sbom/"))
          .sorted()
          .toList();
    }
  }
}
