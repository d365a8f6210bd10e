package io.beamline.worker.image;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * One instruction of a Dockerfile. Immutable.
 *
 * @param keyword in capitals, such as {@code COPY}
 * @param text what follows it, in one line
 */
record Instruction(String keyword, String text) {

  private static final String FROM = "--from=";

  static Instruction of(String line) {
    String[] parts = line.strip().split("\\s+", 2);
    return new Instruction(parts[0], parts[1].strip());
  }

  /** The words of its text. */
  List<String> words() {
    return Stream.of(text.split("\\s+")).toList();
  }

  /** Whether a RUN builds with Maven. */
  boolean callsMaven() {
    return text.startsWith("./mvnw ");
  }

  /** Whether a COPY takes files of the repository. */
  boolean takesFromRepository() {
    return !text.startsWith("--");
  }

  /** The stage that a COPY takes files from. */
  String stage() {
    if (!text.startsWith(FROM)) {
      throw new IllegalStateException("no stage in " + text);
    }
    return words().getFirst().substring(FROM.length());
  }

  /** What a COPY takes. */
  List<String> sources() {
    return words().subList(takesFromRepository() ? 0 : 1, words().size() - 1);
  }

  /** Where a COPY puts it. */
  String destination() {
    return words().getLast();
  }

  /** The arguments of an instruction in exec form, which is a JSON array. */
  List<String> arguments() {
    return JsonMapper.shared().readValue(text, new TypeReference<List<String>>() {});
  }
}
