package io.beamline.worker.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How much sooner the image is ready than the jar alone. Both start in the same container with the
 * same options of the JVM, in turns.
 */
@Tag("long")
class ImageStartIT {

  private static final int ROUNDS = 5;

  @Test
  void isReadyInLessThanTwoThirdsOfTheJarsTime() throws IOException {
    BuiltImage image = BuiltImage.build();
    Container container = image.container();
    Files.copy(ImageBuild.JAR, container.root().resolve("app/whole.jar"));
    List<String> jar = List.of("java", "@/app/jvm.options", "-jar", "/app/whole.jar");
    List<Double> ofJar = new ArrayList<>();
    List<Double> ofImage = new ArrayList<>();
    try (NatsServer nats = NatsServer.start()) {
      for (int round = 0; round < ROUNDS; round++) {
        ofJar.add(secondsUntilReady(WorkerProcess.of(nats.url()).command(container.starts(jar))));
        ofImage.add(secondsUntilReady(image.worker(nats.url())));
      }
    }
    double ratio = median(ofImage) / median(ofJar);
    System.out.printf(
        "Ready after: image %.2f s %s, jar %.2f s %s, ratio %.2f%n",
        median(ofImage), ofImage, median(ofJar), ofJar, ratio);
    assertThat(ratio).isLessThan(0.67);
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
