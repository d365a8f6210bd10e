package io.beamline.worker.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The image as its Dockerfile builds it, started by its entry point with its user. */
class ImageIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CACHE = "/app/classes.aot";

  private static @Nullable BuiltImage built;

  private BuiltImage image;

  /** Once for all tests, yet before each: a test that must be skipped is seen in the report. */
  @BeforeEach
  void build() throws IOException {
    if (built == null) {
      built = BuiltImage.build("wiring");
    }
    image = built;
  }

  @Test
  void servesFromItsCacheAndEndsInOrder() throws IOException {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = image.worker(nats.url()).start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      List<String> ids =
          List.of(
              router.assign(Assignments.echo()),
              router.assign(Assignments.put("./data/in-root.txt", "one")),
              router.assign(Assignments.put("/data/absolute.txt", "two")),
              router.assign(Assignments.put("/tmp/beamline/passing.txt", "three")));

      ids.forEach(
          id -> assertThat(router.awaitResult(id, SOON).status()).as(id).isEqualTo("success"));
      assertThat(data("in-root.txt")).hasContent("one");
      assertThat(data("absolute.txt")).hasContent("two");
      assertThat(state(worker, "maps")).contains(CACHE);
      assertThat(state(worker, "status"))
          .containsPattern("Uid:\\s10001\\s10001\\s10001\\s10001\n")
          .containsPattern("Gid:\\s10001\\s10001\\s10001\\s10001\n")
          .containsPattern("CapBnd:\\s0+\n")
          .containsPattern("NoNewPrivs:\\s1\n");
      worker.sigterm();
      assertThat(worker.awaitExit(SOON)).isIn(0, 143);
      assertThat(worker.stdout())
          .isNotEmpty()
          .allSatisfy(line -> assertThat(JsonMapper.shared().readTree(line).isObject()).isTrue());
      assertThat(worker.stderr()).isEmpty();
      assertThat(router.streams().unacknowledgedAssignments()).isZero();
      router.assertClean();
    }
  }

  @Test
  void canWriteNothingButDataAndTemporaryFiles() {
    String find =
        "find / -path /proc -prune -o"
            + " -writable -not -type l -not -type c -not -path '/data/*' -print 2>/dev/null";

    assertThat(image.container().runWell(List.of("id", "-u"))).isEqualTo("10001\n");
    assertThat(image.container().run(List.of("sh", "-c", find)).output().lines())
        .containsExactlyInAnyOrder("/data", "/tmp");
  }

  @Test
  void tellsWhenTheCacheIsNotTheOneOfItsFiles() throws IOException {
    Path jar = image.container().root().resolve("app/beamline-worker.jar");
    FileTime before = Files.getLastModifiedTime(jar);
    Container.Ended fits = image.command("-XX:AOTMode=on", "--dlq-show");
    Files.setLastModifiedTime(jar, FileTime.fromMillis(before.toMillis() + 10_000));
    try {
      Container.Ended changed = image.command("-XX:AOTMode=on", "--dlq-show");
      Container.Ended unforced = image.command("-XX:AOTMode=auto", "--dlq-show");

      assertThat(List.of(fits.exitCode(), changed.exitCode(), unforced.exitCode()))
          .as(fits + "\n" + changed + "\n" + unforced)
          .containsExactly(2, 1, 2);
    } finally {
      Files.setLastModifiedTime(jar, before);
    }
  }

  @Test
  void runsACommandBesideTheWorker() {
    String version =
        image.container().runWell(List.of("java", "@/app/command.options", "--version"));

    assertThat(version).startsWith("beamline-worker ").hasLineCount(1);
  }

  private Path data(String file) {
    return image.container().root().resolve("data").resolve(file);
  }

  private static String state(WorkerProcess worker, String file) throws IOException {
    return Files.readString(Path.of("/proc", String.valueOf(worker.pid()), file));
  }
}
