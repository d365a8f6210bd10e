package io.beamline.worker.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Dockerfile at the top of the repository, as far as it uses the language. Immutable.
 *
 * @param stages in their order, at least one; the last one is the image
 */
record Dockerfile(List<Stage> stages) {

  /**
   * One stage.
   *
   * @param name empty when it has none
   * @param base an image, or the name of an earlier stage
   */
  record Stage(String name, String base, List<Instruction> instructions) {

    /** The instructions of one kind, in their order. */
    List<Instruction> all(String keyword) {
      return instructions.stream().filter(one -> one.keyword().equals(keyword)).toList();
    }

    /** The only instruction of its kind. */
    Instruction only(String keyword) {
      List<Instruction> found = all(keyword);
      if (found.size() != 1) {
        throw new IllegalStateException(found.size() + " times " + keyword + " in " + this);
      }
      return found.getFirst();
    }

    /** Where its commands begin, absolute. */
    String workdir() {
      return all("WORKDIR").stream().map(Instruction::text).findFirst().orElse("/");
    }
  }

  /** Reads the repository's, with the defaults of its arguments. */
  static Dockerfile read() {
    return read(Map.of());
  }

  /**
   * Reads the repository's as a build takes it that sets some of its arguments.
   *
   * @param arguments by their names
   */
  static Dockerfile read(Map<String, String> arguments) {
    try {
      return parse(Files.readAllLines(Path.of("Dockerfile")), arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stages that lead to the image, in their order: an engine builds no other. */
  List<Stage> needed() {
    Set<String> names = new HashSet<>();
    List<Stage> needed = new ArrayList<>();
    for (Stage stage : stages.reversed()) {
      if (stage.equals(image()) || names.contains(stage.name())) {
        needed.addFirst(stage);
        names.add(stage.base());
        stage.all("COPY").stream()
            .filter(copy -> !copy.takesFromRepository())
            .forEach(copy -> names.add(copy.stage()));
      }
    }
    return needed;
  }

  /** A stage by its name. */
  Stage stage(String name) {
    return stages.stream().filter(stage -> stage.name().equals(name)).findFirst().orElseThrow();
  }

  /** The stage that becomes the image. */
  Stage image() {
    return stages.getLast();
  }

  private static Dockerfile parse(List<String> lines, Map<String, String> arguments) {
    Map<String, String> defaults = new LinkedHashMap<>();
    List<Stage> stages = new ArrayList<>();
    for (Instruction one : instructions(lines)) {
      if (one.keyword().equals("FROM")) {
        stages.add(stage(one, defaults));
      } else if (!stages.isEmpty()) {
        stages.getLast().instructions().add(one);
      } else if (one.keyword().equals("ARG")) {
        String[] parts = one.text().split("=", 2);
        defaults.put("${" + parts[0] + "}", arguments.getOrDefault(parts[0], parts[1]));
      }
    }
    return new Dockerfile(List.copyOf(stages));
  }

  private static Stage stage(Instruction from, Map<String, String> defaults) {
    List<String> words = from.words();
    String base = words.getFirst();
    for (Map.Entry<String, String> argument : defaults.entrySet()) {
      base = base.replace(argument.getKey(), argument.getValue());
    }
    return new Stage(words.size() == 3 ? words.get(2) : "", base, new ArrayList<>());
  }

  private static List<Instruction> instructions(List<String> lines) {
    List<Instruction> found = new ArrayList<>();
    StringBuilder pending = new StringBuilder();
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      boolean goesOn = line.endsWith("\\");
      pending.append(goesOn ? line.substring(0, line.length() - 1) : line);
      if (!goesOn) {
        found.add(Instruction.of(pending.toString()));
        pending.setLength(0);
      }
    }
    return found;
  }
}
