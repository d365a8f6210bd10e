package io.beamline.worker.image;

import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs commands with a folder as their root, in mounts of their own, as an engine runs them in a
 * container. The base image is this machine's programs and the JDK of these tests, read-only. A
 * command keeps the process id that it is started with, so that signals reach it.
 *
 * @param root the folder; it gets empty folders that others are mounted on
 * @param workdir where commands begin, absolute within the root
 * @param user {@code uid:gid}, both numeric
 * @param readOnly whether only {@code /data} and a fresh {@code /tmp} can be written, without
 *     programs in it, and all rights of the superuser are gone
 */
record Container(Path root, String workdir, String user, boolean readOnly) {

  private static final String JAVA_HOME = "/opt/java/openjdk";

  private static final String WHAT_IT_NEEDS =
      "No mounts of a test's own: run the tests as root, on Linux with unshare, setpriv and chroot,"
          + " where mounting is allowed.";

  /**
   * Mounts, then becomes the command: the arguments are the root, the JDK and yes for read-only.
   */
  private static final String SCRIPT =
      """
      set -eu
      root=$1 java=$2 read_only=$3
      shift 3
      mkdir -p "$root"
      mount --bind "$root" "$root"
      share() {
        mkdir -p "$root$2"
        mount --bind "$1" "$root$2"
        mount -o remount,bind,ro "$root$2"
      }
      for name in usr etc bin sbin lib lib64; do
        if [ -L "/$name" ]; then
          ln -sfn "$(readlink "/$name")" "$root/$name"
        elif [ -d "/$name" ]; then
          share "/$name" "/$name"
        fi
      done
      share "$java" /opt/java/openjdk
      share /dev /dev
      mkdir -p "$root/proc"
      mount -t proc proc "$root/proc"
      mkdir -p -m 1777 "$root/tmp"
      if [ "$read_only" = true ]; then
        mount --bind "$root/data" "$root/data"
        mount -t tmpfs -o mode=1777,nosuid,nodev,noexec tmpfs "$root/tmp"
        mount -o remount,bind,ro "$root"
      fi
      exec chroot "$root" "$@"
      """;

  /** As the engine runs the commands of a build. */
  static Container building(Path root, String workdir) {
    return new Container(root, workdir, "0:0", false);
  }

  /**
   * Skips the test where this machine lacks what it takes; it fails where CI says that nothing may
   * be missing.
   */
  static void assumePossible(Path folder) {
    assumeWell(building(folder, "/").run(List.of("setpriv", "--version")));
  }

  /** Skips the test, or fails it, unless a command that needs nothing but mounts went well. */
  static void assumeWell(Ended probe) {
    if (!probe.well()) {
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(WHAT_IT_NEEDS);
      }
      Assumptions.abort(WHAT_IT_NEEDS);
    }
  }

  /** What starts a command in it, on this machine: for {@link WorkerProcess.Builder#command}. */
  List<String> starts(List<String> command) {
    String java = System.getProperty("java.home");
    List<String> whole = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private"));
    whole.addAll(List.of("sh", "-c", SCRIPT, "sh"));
    whole.addAll(List.of(root.toAbsolutePath().toString(), java, String.valueOf(readOnly)));
    whole.addAll(inside());
    whole.addAll(command);
    return whole;
  }

  private List<String> inside() {
    String[] ids = user.split(":", 2);
    List<String> prefix = new ArrayList<>();
    if (readOnly) {
      prefix.addAll(List.of("setpriv", "--reuid", ids[0], "--regid", ids[1], "--clear-groups"));
      prefix.addAll(List.of("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"));
    }
    prefix.addAll(List.of("env", "--chdir=" + workdir, "JAVA_HOME=" + JAVA_HOME));
    prefix.add("PATH=" + JAVA_HOME + "/bin:/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin");
    return prefix;
  }

  /**
   * How a command ended.
   *
   * @param exitCode 0 when it went well, -1 when it could not be started
   * @param output what it wrote
   */
  record Ended(int exitCode, String output) {

    boolean well() {
      return exitCode == 0;
    }
  }

  /** Runs a command to its end. */
  Ended run(List<String> command) {
    return runOnHost(starts(command));
  }

  /** Runs a command of this machine to its end. */
  static Ended runOnHost(List<String> command) {
    try {
      Path output = Files.createTempFile("beamline-container-", ".log");
      try {
        int exitCode = exitCode(command, output);
        return new Ended(exitCode, Files.readString(output, StandardCharsets.UTF_8));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      return new Ended(-1, e.toString());
    }
  }

  /** Runs a command to its end. Fails, with what it wrote, unless it goes well. */
  String runWell(List<String> command) {
    Ended ended = run(command);
    if (!ended.well()) {
      throw new IllegalStateException(command + " ended with " + ended);
    }
    return ended.output();
  }

  private static int exitCode(List<String> command, Path output) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(20, TimeUnit.MINUTES)) {
        throw new UncheckedIOException(new IOException(command + " does not end"));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
