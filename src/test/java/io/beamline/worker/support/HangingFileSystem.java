package io.beamline.worker.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.springframework.util.FileSystemUtils;

/**
 * A file system that hangs when it is told to, as a network volume does whose server went away: a
 * folder mounted through a process of its own (bindfs), which is stopped and continued by signals.
 * While it hangs only {@link #backing} may be looked at. Closing it wakes and unmounts it and
 * deletes all. Not thread-safe.
 */
public final class HangingFileSystem implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Path DEVICE = Path.of("/dev/fuse");
  private static final String WHAT_TO_INSTALL =
      "No file system that can hang: install bindfs and fuse3 (Debian and Ubuntu: apt-get install"
          + " bindfs fuse3), and let the tests use /dev/fuse.";

  private final Path folder;
  private final Process process;
  private final Thread shutdownHook = new Thread(this::abandon, "hanging-file-system-end");

  private HangingFileSystem(Path folder, List<String> options) throws IOException {
    this.folder = folder.toRealPath();
    Files.createDirectory(backing());
    Files.createDirectory(root());
    List<String> bindfs = new ArrayList<>(List.of("bindfs", "-f", "--no-allow-other"));
    bindfs.addAll(options);
    bindfs.addAll(List.of(backing().toString(), root().toString()));
    process = command(bindfs).start();
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /**
   * Mounts one. Where the machine lacks what that takes the test is skipped, but fails where CI
   * says that nothing may be missing.
   *
   * @param options of bindfs, such as {@code --write-rate=20M} for writes that take their time
   */
  public static HangingFileSystem mount(String... options) {
    return mountIn(Path.of(System.getProperty("java.io.tmpdir")), options);
  }

  /** Mounts one like {@link #mount}, in a folder of its own below another. */
  public static HangingFileSystem mountIn(Path parent, String... options) {
    if (!available()) {
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(WHAT_TO_INSTALL);
      }
      Assumptions.abort(WHAT_TO_INSTALL);
    }
    try {
      HangingFileSystem mounted =
          new HangingFileSystem(
              Files.createTempDirectory(parent, "beamline-hanging-"), List.of(options));
      mounted.awaitMounted();
      return mounted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder that hangs. */
  public Path root() {
    return folder.resolve("mount");
  }

  /** The same files, where they can be looked at whatever happens. */
  public Path backing() {
    return folder.resolve("backing");
  }

  /** From now on nothing that touches the folder comes back. */
  public void hang() {
    signal("STOP");
    Awaitility.await("the file system hangs")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(1))
        .until(this::stopped);
  }

  /** Everything goes on. */
  public void wake() {
    signal("CONT");
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // the JVM ends already, and its hook does the same
    }
    wake();
    if (!run("fusermount3", "-u", root().toString())) {
      run("fusermount3", "-uz", root().toString());
    }
    if (!ended()) {
      process.destroyForcibly();
    }
    delete();
  }

  /** For a test that dies: waits for nothing. */
  private void abandon() {
    wake();
    run("fusermount3", "-uz", root().toString());
    process.destroyForcibly();
    delete();
  }

  private void awaitMounted() {
    Awaitility.await("the file system is mounted")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !process.isAlive() || mounted());
    if (!process.isAlive()) {
      close();
      throw new IllegalStateException("bindfs ended with " + process.exitValue());
    }
  }

  private boolean mounted() throws IOException {
    return Files.readString(Path.of("/proc/self/mounts")).contains(" " + root() + " ");
  }

  /** Whether the kernel has stopped the process: the third field of its state is T. */
  private boolean stopped() throws IOException {
    String state = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
    return state.substring(state.lastIndexOf(')')).startsWith(") T");
  }

  private void signal(String name) {
    run("kill", "-" + name, String.valueOf(process.pid()));
  }

  private boolean ended() {
    try {
      return process.waitFor(SOON.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Nothing is deleted through a mount that is still there. */
  private void delete() {
    try {
      if (!mounted()) {
        FileSystemUtils.deleteRecursively(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean available() {
    return Files.isReadable(DEVICE)
        && Files.isWritable(DEVICE)
        && Stream.of("bindfs", "fusermount3", "kill").allMatch(HangingFileSystem::installed);
  }

  private static boolean installed(String program) {
    List<String> folders = new ArrayList<>(List.of("/usr/bin", "/bin", "/usr/local/bin"));
    folders.addAll(List.of(System.getenv().getOrDefault("PATH", "").split(":")));
    return folders.stream()
        .filter(entry -> !entry.isBlank())
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
  }

  private static boolean run(String... command) {
    try {
      Process process = command(List.of(command)).start();
      return process.waitFor(SOON.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static ProcessBuilder command(List<String> command) {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
  }
}
