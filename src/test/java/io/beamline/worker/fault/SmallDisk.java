package io.beamline.worker.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A disk of half a megabyte, in memory. It takes the right to mount. Not thread-safe. */
final class SmallDisk implements AutoCloseable {

  private static final String SIZE = "size=512k";

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts one on a folder, which it makes. */
  static SmallDisk mount(Path folder) throws IOException, InterruptedException {
    Files.createDirectory(folder);
    run("mount", "-t", "tmpfs", "-o", SIZE, "none", folder.toString());
    return new SmallDisk(folder);
  }

  Path folder() {
    return folder;
  }

  void readOnly(boolean on) throws IOException, InterruptedException {
    run("mount", "-o", "remount," + SIZE + (on ? ",ro" : ",rw"), folder.toString());
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run("umount", "-l", folder.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException(List.of(command) + " failed: this needs the right to mount");
    }
  }
}
