package io.beamline.worker.image;

import java.nio.file.Path;
import java.util.List;

/**
 * This machine with its programs, its settings and its package lists writable and nothing of that
 * kept: each command has mounts of its own, whose changes end with it. What is written elsewhere
 * stays.
 *
 * @param folder where commands begin
 */
record Disposable(Path folder) {

  /** The arguments are where commands begin, the JDK and the command. */
  private static final String SCRIPT =
      """
      set -eu
      upper=$1/.changes
      mkdir -p "$upper"
      mount -t tmpfs tmpfs "$upper"
      for name in usr etc var; do
        mkdir "$upper/$name" "$upper/$name.work"
        mount -t overlay overlay \\
          -o "lowerdir=/$name,upperdir=$upper/$name,workdir=$upper/$name.work" "/$name"
      done
      cd "$1"
      export JAVA_HOME="$2" PATH="$2/bin:$PATH"
      exec sh -c "$3"
      """;

  /** Skips the test where that is not possible; it fails where CI says that nothing may lack. */
  static Disposable in(Path folder) {
    Disposable machine = new Disposable(folder);
    Container.assumeWell(machine.run("true"));
    return machine;
  }

  /** Runs a command of a shell to its end. */
  Container.Ended run(String command) {
    String java = System.getProperty("java.home");
    String start = folder.toAbsolutePath().toString();
    return Container.runOnHost(
        List.of(
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            SCRIPT,
            "sh",
            start,
            java,
            command));
  }
}
