package io.beamline.worker.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.PluginJars;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * A plug-in in the image's folder is served, and the class cache stays valid: the start takes
 * little longer than without it, and much less than without the cache.
 */
@Tag("long")
class ImagePluginIT {

  private static final int ROUNDS = 5;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Path EXAMPLE = Path.of("src", "plugin-example", "src", "main");

  @TempDir private Path folder;

  @Test
  void startsAsFastWithAPluginAsWithout() throws IOException {
    BuiltImage image = BuiltImage.build();
    Path plugin = image.container().root().resolve("app/plugins/text-blocks.jar");
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    List<Double> uncached = new ArrayList<>();
    try (NatsServer nats = NatsServer.start()) {
      for (int round = 0; round < ROUNDS; round++) {
        Files.deleteIfExists(plugin);
        without.add(secondsUntilReady(plugins(image.worker(nats.url()))));
        pack(plugin);
        with.add(secondsUntilReady(plugins(image.worker(nats.url()))));
        uncached.add(secondsUntilReady(plugins(withoutCache(image, nats.url()))));
      }
      assertServed(image, nats.url());
    }
    double ratio = median(with) / median(without);
    System.out.printf(
        "Ready after: with a plug-in %.2f s %s, without %.2f s %s, ratio %.2f; without cache %.2f s"
            + " %s%n",
        median(with), with, median(without), without, ratio, median(uncached), uncached);
    assertThat(ratio).isLessThan(1.25);
    assertThat(median(with)).isLessThan(0.8 * median(uncached));
  }

  private static void assertServed(BuiltImage image, String natsUrl) {
    try (WorkerProcess worker = plugins(image.worker(natsUrl)).start();
        RouterStandIn router = RouterStandIn.connect(natsUrl)) {
      Answer answer =
          router.awaitResult(
              router.assign(Assignments.of("text.summary").input("text", "one two")), SOON);
      assertThat(answer.status()).isEqualTo("success");
      assertThat(worker.log()).contains("text-blocks.jar");
    }
  }

  /** The containers of these tests have no variables of the image. */
  private static WorkerProcess.Builder plugins(WorkerProcess.Builder worker) {
    return worker.env("WORKER_PLUGINS_DIRECTORY", "/app/plugins");
  }

  private static WorkerProcess.Builder withoutCache(BuiltImage image, String natsUrl) {
    List<String> command =
        image.entrypoint().stream().filter(word -> !word.startsWith("-XX:AOTCache")).toList();
    return WorkerProcess.of(natsUrl).command(image.container().starts(command));
  }

  private void pack(Path jar) throws IOException {
    Path classes = folder.resolve("classes");
    if (Files.notExists(classes)) {
      PluginJars.compile(EXAMPLE.resolve("java"), classes);
      FileSystemUtils.copyRecursively(EXAMPLE.resolve("resources"), classes);
    }
    PluginJars.pack(classes, jar, "1.0.0");
  }

  private static double secondsUntilReady(WorkerProcess.Builder builder) {
    long begun = System.nanoTime();
    try (WorkerProcess worker = builder.start()) {
      assertThat(worker.alive()).isTrue();
      return Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0;
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(ROUNDS / 2);
  }
}
