package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.PluginJars;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.springframework.util.FileSystemUtils;

/** The plug-in of {@code src/plugin-example}: compiled, tested, packed and served. */
class PluginExampleIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Path EXAMPLE = Path.of("src", "plugin-example", "src");

  @TempDir static Path folder;

  private static Path classes;
  private static Path plugins;

  @BeforeAll
  static void build() throws IOException {
    classes = folder.resolve("classes");
    plugins = Files.createDirectory(folder.resolve("plugins"));
    PluginJars.compile(EXAMPLE.resolve("main/java"), classes);
    FileSystemUtils.copyRecursively(EXAMPLE.resolve("main/resources"), classes);
    PluginJars.pack(classes, plugins.resolve("text-blocks.jar"), "1.0.0");
  }

  @Test
  void passesItsOwnTests() throws IOException {
    Path tests = folder.resolve("test-classes");
    List<Path> needed = new ArrayList<>(List.of(classes, PluginJars.KIT));
    needed.addAll(PluginJars.libraries());
    needed.addAll(
        List.of(
            PluginJars.jarOf(Test.class),
            PluginJars.jarOf(ParameterizedTest.class),
            PluginJars.jarOf(Assertions.class),
            PluginJars.jarOf(org.apiguardian.api.API.class)));
    PluginJars.compile(EXAMPLE.resolve("test/java"), tests, needed);

    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    URL[] urls = {tests.toUri().toURL(), classes.toUri().toURL(), PluginJars.KIT.toUri().toURL()};
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls, before)) {
      Thread.currentThread().setContextClassLoader(loader);
      Launcher launcher = LauncherFactory.create();
      launcher.execute(
          LauncherDiscoveryRequestBuilder.request()
              .selectors(selectClass(loader, "com.example.text.SummaryBlockTest"))
              .build(),
          summary);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    assertThat(summary.getSummary().getFailures()).isEmpty();
    assertThat(summary.getSummary().getTestsSucceededCount()).isEqualTo(9);
  }

  @Test
  void isServedByTheBuiltWorkerLikeItsOwnBlocks() throws IOException {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker =
            WorkerProcess.of(nats.url())
                .allFlags(true)
                .env("WORKER_PLUGINS_DIRECTORY", plugins.toString())
                .env("WORKER_RETRY_TYPES_TEXT_SUMMARY_MAX_ATTEMPTS", "2")
                .start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      Answer done =
          router.awaitResult(
              router.assign(Assignments.of("summary").input("text", "a b a").input("max_words", 1)),
              SOON);
      assertThat(done.status()).isEqualTo("success");
      assertThat(done.resultJson().path("result").toString())
          .isEqualTo(
              "{\"words\":3,\"most_frequent\":[{\"word\":\"a\",\"count\":2}],\"written\":null}");

      assertFault(router, Assignments.of("text.summary"), "MISSING_REQUIRED_FIELD", "text");
      assertFault(router, summary().input("max_words", 101), "INVALID_INPUT", "max_words");
      assertFault(router, summary().input("written", "soon"), "INVALID_FORMAT", "written");
      assertThat(worker.metric("worker_step_executions_total", "step_type=\"text.summary\""))
          .isEqualTo(4);

      assertThat(worker.log()).contains("\"Plug-in loaded\"", "\"version\":\"1.0.0\"");
      assertThat(worker.get(worker.managementUri("/actuator/health")).body())
          .contains(
              "{\"file\":\"text-blocks.jar\",\"version\":\"1.0.0\",\"types\":[\"text.summary\"]}");
      router.assertClean();
    }
  }

  private static Assignments summary() {
    return Assignments.of("text.summary").input("text", "one two");
  }

  private static void assertFault(
      RouterStandIn router, Assignments assignment, String code, String field) {
    Answer answer = router.awaitResult(router.assign(assignment), SOON);
    assertThat(answer.errorCode()).isEqualTo(code);
    assertThat(answer.resultJson().at("/error/details/field").stringValue("")).isEqualTo(field);
    assertThat(answer.resultJson().path("retries_used").intValue(-1)).isZero();
  }
}
