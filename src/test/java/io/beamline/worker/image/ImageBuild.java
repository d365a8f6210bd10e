package io.beamline.worker.image;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.util.Objects.requireNonNull;

import io.beamline.worker.image.Dockerfile.Stage;
import io.beamline.worker.support.NatsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * Builds the image as an engine does, each stage in a folder: the same files are copied and the
 * same commands run. Only what leads to the jar is left out, for the build has made it already;
 * {@link BuildStageIT} runs that.
 */
final class ImageBuild {

  /** The jar, in the repository and in the stage that makes it. */
  static final Path JAR = Path.of("target", "beamline-worker.jar");

  private static final String NATS_STAGE = "nats";
  private static final Path CONTEXT = Path.of("");

  private final Path folder;
  private final Set<String> built = new HashSet<>();

  private ImageBuild(Path folder) {
    this.folder = folder;
  }

  /** Builds it below a folder, which is emptied before. Returns the image's root folder. */
  static Path build(Dockerfile dockerfile, Path folder) throws IOException {
    FileSystemUtils.deleteRecursively(folder);
    ImageBuild build = new ImageBuild(folder);
    for (Stage stage : dockerfile.needed()) {
      build.build(stage);
    }
    return build.root(dockerfile.image().name());
  }

  private Path root(String stage) {
    return folder.resolve(stage.isEmpty() ? "image" : stage);
  }

  private void build(Stage stage) throws IOException {
    Path root = root(stage.name());
    Files.createDirectories(folder);
    if (built.contains(stage.base())) {
      copy(root(stage.base()), root);
    } else {
      Files.createDirectory(root);
    }
    built.add(stage.name());
    if (stage.name().equals(NATS_STAGE)) {
      putNatsServer(root);
    }
    for (Instruction one : afterTheJar(stage, root)) {
      switch (one.keyword()) {
        case "RUN" ->
            Container.building(root, stage.workdir()).runWell(List.of("sh", "-c", one.text()));
        case "COPY" -> copy(one, root);
        case "ARG", "ENV", "LABEL", "EXPOSE", "WORKDIR", "VOLUME", "USER", "ENTRYPOINT" -> {}
        default -> throw new IllegalStateException(one.keyword() + " is not known here");
      }
    }
  }

  /** The image of NATS has nothing that is needed but this machine's program. */
  private static void putNatsServer(Path root) throws IOException {
    Path program = requireNonNull(NatsServer.program(), "The training needs a nats-server.");
    copy(List.of(program), root.resolve("usr/local/bin"));
  }

  /** Puts the jar where a stage makes it, when it does. Returns what the stage does with it. */
  private static List<Instruction> afterTheJar(Stage stage, Path root) throws IOException {
    List<Instruction> all = stage.instructions();
    List<Instruction> making = stage.all("RUN").stream().filter(Instruction::callsMaven).toList();
    if (making.isEmpty()) {
      return all;
    }
    Path jar = below(root, stage.workdir()).resolve(JAR);
    Files.createDirectories(jar.getParent());
    copy(JAR, jar);
    return all.subList(all.indexOf(making.getLast()) + 1, all.size());
  }

  private void copy(Instruction one, Path root) throws IOException {
    Path to = below(root, one.destination());
    if (one.takesFromRepository()) {
      copyFromRepository(one, to);
    } else {
      copy(one.sources().stream().map(from -> below(root(one.stage()), from)).toList(), to);
    }
  }

  /** Copies what an instruction takes from the repository into a folder. */
  static void copyFromRepository(Instruction one, Path to) throws IOException {
    copy(one.sources().stream().map(CONTEXT::resolve).toList(), to);
  }

  private static void copy(List<Path> sources, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path from : sources) {
      copy(from, Files.isDirectory(from) ? to : to.resolve(from.getFileName()));
    }
  }

  private static Path below(Path root, String absolute) {
    return root.resolve(absolute.substring(1));
  }

  /** Copies a file, or what is in a folder, with owners, rights and times. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = file.equals(from) ? to : to.resolve(from.relativize(file));
        if (!Files.isDirectory(file, NOFOLLOW_LINKS) || !Files.exists(target)) {
          Files.copy(file, target, COPY_ATTRIBUTES, NOFOLLOW_LINKS, REPLACE_EXISTING);
        }
      }
    }
  }
}
