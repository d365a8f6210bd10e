package io.beamline.worker.support;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Gives a built worker the {@link PoisonBlocks}, beside its own blocks. */
public final class Poison {

  private static final Path CLASSES = Path.of("target", "test-classes");

  private Poison() {}

  /**
   * Puts them into a worker that is not started yet.
   *
   * @param folder where their jar may lie
   */
  public static void inside(WorkerProcess.Builder worker, Path folder) throws IOException {
    Path jar = folder.resolve("poison.jar");
    if (Files.notExists(jar)) {
      write(jar);
    }
    WorkerProcess.Builder unused =
        worker.beside(jar).env("SPRING_MAIN_SOURCES", PoisonBlocks.class.getName());
  }

  private static void write(Path jar) throws IOException {
    Path mine = CLASSES.resolve(PoisonBlocks.class.getPackageName().replace('.', '/'));
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        DirectoryStream<Path> files = Files.newDirectoryStream(mine, "PoisonBlocks*.class")) {
      for (Path file : files) {
        out.putNextEntry(new JarEntry(CLASSES.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    }
  }
}
