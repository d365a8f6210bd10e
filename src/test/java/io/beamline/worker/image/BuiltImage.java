package io.beamline.worker.image;

import io.beamline.worker.image.Dockerfile.Stage;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * The image, built as the Dockerfile says and run as operations.md says.
 *
 * @param container the image's files, user and working directory, read-only
 * @param entrypoint what the container runs
 */
record BuiltImage(Container container, List<String> entrypoint) {

  private static final Path FOLDER = Path.of("target", "image");

  /**
   * Builds it, or skips the test where that is not possible. Where there is no program {@code
   * nats-server}, the cache is made without steps.
   */
  static BuiltImage build() throws IOException {
    return build(NatsServer.program() == null ? "wiring" : "steps");
  }

  /**
   * Builds it like {@link #build()}.
   *
   * @param training how its cache is made: {@code steps}, or {@code wiring}, which is much quicker
   */
  static BuiltImage build(String training) throws IOException {
    Assumptions.assumeTrue(Runtime.version().feature() >= 25, "The image has Java 25.");
    Container.assumePossible(FOLDER.resolve("probe"));
    Dockerfile dockerfile = Dockerfile.read(Map.of("TRAINING", training));
    Stage image = dockerfile.image();
    Path root = ImageBuild.build(dockerfile, FOLDER);
    return new BuiltImage(
        new Container(root, image.workdir(), image.only("USER").text(), true),
        image.only("ENTRYPOINT").arguments());
  }

  /** A worker that runs in it, and nothing else than its entry point. */
  WorkerProcess.Builder worker(String natsUrl) {
    return WorkerProcess.of(natsUrl).command(container.starts(entrypoint));
  }

  /** Runs a command of the worker in it, with another option of the JVM. */
  Container.Ended command(String option, String... arguments) {
    List<String> whole = new ArrayList<>(entrypoint);
    whole.add(whole.indexOf("-jar"), option);
    whole.addAll(List.of(arguments));
    return container.run(whole);
  }
}
