package io.beamline.worker.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.image.Dockerfile.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be said of the Dockerfile without building anything. */
class DockerfileTest {

  private static final Path OPTIONS = Path.of("src", "main", "docker", "jvm.options");
  private static final Path COMMAND_OPTIONS = Path.of("src", "main", "docker", "command.options");

  private final Dockerfile dockerfile = Dockerfile.read();
  private final Stage image = dockerfile.image();

  @Test
  void copiesOnlyWhatIsThereAndSentToTheEngine() throws IOException {
    List<String> sent =
        Files.readAllLines(Path.of(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    List<String> sources =
        all("COPY")
            .filter(Instruction::takesFromRepository)
            .flatMap(copy -> copy.sources().stream())
            .toList();

    assertThat(Files.readAllLines(Path.of(".dockerignore"))).contains("*");
    assertThat(sources)
        .isNotEmpty()
        .allSatisfy(source -> assertThat(Path.of(source)).exists())
        .allMatch(source -> sent.stream().anyMatch(part -> Path.of(source).startsWith(part)));
    assertThat(sources).containsAll(sent);
  }

  @Test
  void copiesFromStagesThatComeBefore() {
    for (Stage stage : dockerfile.stages()) {
      List<String> before =
          dockerfile.stages().subList(0, dockerfile.stages().indexOf(stage)).stream()
              .map(Stage::name)
              .toList();
      assertThat(stage.all("COPY").stream().filter(copy -> !copy.takesFromRepository()))
          .allMatch(copy -> before.contains(copy.stage()));
    }
  }

  /** The checksum in the wrapper's properties is the zip's. */
  @Test
  void buildsWithoutTestsAndFormatterAndHasWhatTheWrapperUnpacksWith() throws IOException {
    List<Instruction> runs = dockerfile.stages().getFirst().all("RUN");

    assertThat(runs.stream().filter(Instruction::callsMaven))
        .hasSize(2)
        .allMatch(run -> run.text().contains("-Dmaven.test.skip -Dspotless.check.skip package"));
    assertThat(Files.readString(Path.of(".mvn", "wrapper", "maven-wrapper.properties")))
        .contains("-bin.zip")
        .contains("distributionSha256Sum=");
    assertThat(runs.getFirst().text()).contains("install").contains(" unzip ");
  }

  @Test
  void trainsTheCacheOnTheBaseAndWithTheOptionsThatItServes() throws IOException {
    Stage steps = dockerfile.stage("training-steps");
    Stage wiring = dockerfile.stage("training-wiring");
    List<String> entrypoint = image.only("ENTRYPOINT").arguments();

    assertThat(dockerfile.stage("training").base()).isEqualTo("training-steps");
    assertThat(List.of(steps.base(), wiring.base())).containsOnly(image.base());
    assertThat(steps.only("RUN").text())
        .endsWith(
            "/app/beamline-worker.jar /app/classes.aot /training/nats-server @/app/jvm.options");
    assertThat(wiring.only("RUN").text())
        .endsWith("/app/beamline-worker.jar /app/classes.aot none @/app/jvm.options");
    assertThat(entrypoint)
        .containsExactly(
            "java",
            "@/app/jvm.options",
            "-XX:AOTCache=/app/classes.aot",
            "-jar",
            "/app/beamline-worker.jar");
    assertThat(options())
        .contains("-XX:MaxRAMPercentage=55", "-XX:+UseG1GC")
        .noneMatch(option -> option.contains("ZGC") || option.contains("CompactObjectHeaders"));
  }

  /** What a stage takes that leads to the image is pulled, also where nobody can reach it. */
  @Test
  void needsNoNatsServerToTrainWithoutOne() {
    Dockerfile wiring = Dockerfile.read(Map.of("TRAINING", "wiring"));

    assertThat(dockerfile.needed()).contains(dockerfile.stage("nats"));
    assertThat(wiring.needed().stream().map(Stage::name))
        .containsExactly("build", "runtime", "training-wiring", "training", "");
  }

  /** Compose and the training run the same server. */
  @Test
  void trainsAgainstAPinnedServer() throws IOException {
    String natsImage = dockerfile.stage("nats").base();

    assertThat(natsImage).matches("nats:\\d+\\.\\d+-alpine");
    assertThat(Files.readString(Path.of("src", "compose", "compose.yaml")))
        .contains("image: " + natsImage + "\n");
  }

  @Test
  void hasOptionsForACommandBesideTheWorker() throws IOException {
    List<String> options = options(COMMAND_OPTIONS);

    assertThat(all("COPY").filter(copy -> copy.sources().contains(COMMAND_OPTIONS.toString())))
        .singleElement()
        .satisfies(copy -> assertThat(copy.destination()).isEqualTo("/app/"));
    assertThat(options).contains("-Xmx64m").last().isEqualTo("-jar /app/beamline-worker.jar");
  }

  /** The training stage and the image stand on it. */
  @Test
  void canNameAnyFile() {
    Stage runtime =
        dockerfile.stages().stream()
            .filter(stage -> stage.name().equals(image.base()))
            .findFirst()
            .get();

    assertThat(runtime.only("ENV").words()).contains("LANG=C.UTF-8", "LC_ALL=C.UTF-8");
  }

  @Test
  void hasAFolderForPlugins() {
    Stage runtime =
        dockerfile.stages().stream()
            .filter(stage -> stage.name().equals(image.base()))
            .findFirst()
            .get();

    assertThat(runtime.only("ENV").words()).contains("WORKER_PLUGINS_DIRECTORY=/app/plugins");
    assertThat(runtime.only("RUN").text()).contains("install -d -m 0755 /app/plugins");
  }

  /** NodeSizeIT shows that these hold on any node. */
  @Test
  void takesNoMoreMemoryOnALargerNode() throws IOException {
    assertThat(options())
        .contains("-XX:CICompilerCount=3", "-XX:ParallelGCThreads=4", "-XX:ConcGCThreads=2");
    assertThat(dockerfile.stages())
        .filteredOn(stage -> stage.name().equals(image.base()))
        .allMatch(stage -> stage.only("ENV").words().contains("MALLOC_ARENA_MAX=2"));
  }

  /** A block's OutOfMemoryError ends its step; it must not end the worker. */
  @Test
  void goesOnWhenABlockRunsOutOfMemory() throws IOException {
    assertThat(options()).noneMatch(option -> option.contains("OnOutOfMemoryError"));
  }

  @Test
  void runsAsAUserOfANumberAndWithoutAShell() {
    assertThat(image.only("USER").text()).matches("[1-9][0-9]{4}:[1-9][0-9]{4}");
    assertThat(image.only("ENTRYPOINT").text()).startsWith("[");
    assertThat(all("CMD")).isEmpty();
    assertThat(image.workdir()).isEqualTo("/");
    assertThat(image.only("VOLUME").arguments()).containsExactly("/data");
  }

  @Test
  void namesThePortsOfTheSettingsAndTheVersionOfThePom() throws IOException {
    String settings = Files.readString(Path.of("src", "main", "resources", "application.yml"));
    String pom = Files.readString(Path.of("pom.xml"));
    String version = image.all("ARG").getFirst().text().split("=", 2)[1];

    assertThat(image.only("EXPOSE").words())
        .containsExactly("9091", "9092")
        .allMatch(port -> settings.contains("port: " + port));
    assertThat(pom)
        .contains("<artifactId>beamline-worker</artifactId>\n  <version>" + version + "<");
  }

  @Test
  void saysWhatItIs() {
    assertThat(image.only("LABEL").text())
        .contains(
            Stream.of(
                    "title",
                    "description",
                    "licenses",
                    "version=\"${VERSION}",
                    "revision=\"${REVISION}",
                    "created=\"${CREATED}",
                    "source=\"${SOURCE}",
                    "base.name=\"${RUNTIME_IMAGE}")
                .map(label -> "org.opencontainers.image." + label)
                .toList());
    assertThat(image.all("ARG").stream().map(arg -> arg.text().split("=", 2)[0]))
        .containsExactly("VERSION", "REVISION", "CREATED", "SOURCE", "RUNTIME_IMAGE");
  }

  private Stream<Instruction> all(String keyword) {
    return dockerfile.stages().stream().flatMap(stage -> stage.all(keyword).stream());
  }

  private static List<String> options() throws IOException {
    return options(OPTIONS);
  }

  private static List<String> options(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }
}
