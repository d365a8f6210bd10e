package io.beamline.worker.support;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Does harm inside a worker's process that no message and no setting can do, by an agent that waits
 * for files in the worker's folder: first {@link #throwUncaught}, then {@link #endIntake}.
 */
public final class Sabotage {

  private Sabotage() {}

  /**
   * Puts the agent into a worker that is not started yet.
   *
   * @param folder where its jar may lie
   */
  public static WorkerProcess.Builder inside(WorkerProcess.Builder worker, Path folder)
      throws IOException {
    Path jar = folder.resolve("saboteur.jar");
    String name = Saboteur.class.getName();
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), name);
    String entry = name.replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.putNextEntry(new JarEntry(entry));
      out.write(Files.readAllBytes(Path.of("target", "test-classes", entry)));
    }
    return worker.jvm("-javaagent:" + jar);
  }

  /** Ends a thread named {@code doomed} over an error that it does not catch. */
  public static void throwUncaught(WorkerProcess worker) throws IOException {
    Files.createFile(worker.folder().resolve(Saboteur.UNCAUGHT));
  }

  /** Ends the thread that takes assignments. */
  public static void endIntake(WorkerProcess worker) throws IOException {
    Files.createFile(worker.folder().resolve(Saboteur.END_INTAKE));
  }
}
