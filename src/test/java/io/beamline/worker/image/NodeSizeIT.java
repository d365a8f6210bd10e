package io.beamline.worker.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MemoryCurve;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The image's options keep a worker within the chart's default limit of memory on nodes of any
 * size, with the whole heap touched.
 */
@Tag("long")
class NodeSizeIT {

  private static final Path OPTIONS =
      Path.of("src", "main", "docker", "jvm.options").toAbsolutePath();

  private static final int LIMIT_MB = 768;
  private static final int STEPS = 30_000;
  private static final int AT_ONCE = 2_000;
  private static final Duration SOON = Duration.ofMinutes(2);

  @ParameterizedTest
  @ValueSource(ints = {2, 16, 64})
  void staysWithinTheDefaultLimitOfMemory(int processors) throws IOException {
    try (NatsServer nats = NatsServer.start();
        MisbehavingHttpServer server = MisbehavingHttpServer.start();
        WorkerProcess worker =
            WorkerProcess.of(nats.url())
                .fatJar()
                .env("MALLOC_ARENA_MAX", "2")
                .jvm(
                    "-XX:TieredStopAtLevel=4",
                    "@" + OPTIONS,
                    "-XX:MaxRAM=" + LIMIT_MB + "m",
                    "-XX:InitialRAMPercentage=55",
                    "-XX:+AlwaysPreTouch",
                    "-XX:ActiveProcessorCount=" + processors)
                .start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      server.always(Misbehaviour.answer(200, "x".repeat(2_000)));
      for (int done = 0; done < STEPS; done += AT_ONCE) {
        List<String> ids =
            router.assignAll(
                IntStream.range(0, AT_ONCE).mapToObj(i -> step(i, server.url("/"))).toList());
        router.awaitAll(ids, SOON);
        worker.metrics();
      }

      long residentMb = MemoryCurve.residentKb(worker.pid()) / 1024;

      System.out.printf("%d processors: %d MB of %d%n", processors, residentMb, LIMIT_MB);
      assertThat(residentMb).isBetween(400L, LIMIT_MB - 20L);
      router.assertClean();
    }
  }

  private static Assignments step(int number, String url) {
    return switch (number % 10) {
      case 0 -> Assignments.http(url);
      case 1 -> Assignments.put("file-" + number % 50, "y".repeat(4_000));
      default -> Assignments.echo().input("text", "x".repeat(300));
    };
  }
}
