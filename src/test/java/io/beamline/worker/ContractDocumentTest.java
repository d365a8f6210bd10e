package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.support.BlockSchemas;
import io.beamline.worker.support.ContractDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract's document says what the code does, and resolves what the code refers to. */
class ContractDocumentTest {

  private static final List<Path> FOLDERS = List.of(Path.of("src"), Path.of("helm"));
  private static final Pattern TEXT_FILE =
      Pattern.compile(".*\\.(java|yml|yaml|xml|md|sh|tpl|options)|.*/Dockerfile");
  private static final Pattern REFERENCE =
      Pattern.compile("(?i)contract,? sections? ([0-9]+(?:(?:, | and | to )[0-9]+)*)");
  private static final Pattern TICKET = Pattern.compile("W3-[0-9]+(?:\\.[0-9]+)?");
  private static final Pattern KEY = Pattern.compile("(?:ut|Map\\.of)\\(\\s*\"([a-z0-9_]+)\"");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final Pattern LINE_BREAK_IN_COMMENT = Pattern.compile("\\R\\s*(?:\\*|//|#)?\\s*");

  private final ContractDocument contract = ContractDocument.read();

  @Test
  void hasEverySectionThatASourceRefersTo() {
    Map<String, Set<Integer>> missing = new TreeMap<>();
    forEachSource(
        (file, text) -> {
          Set<Integer> unknown = numbers(text);
          unknown.removeAll(contract.sections());
          if (!unknown.isEmpty()) {
            missing.put(file.toString(), unknown);
          }
        });
    assertThat(contract.sections()).hasSizeGreaterThan(10);
    assertThat(missing).isEmpty();
  }

  @Test
  void explainsEveryTicketThatASourceNames() {
    Set<String> explained =
        contract.table("ticket", "what it asks for").stream()
            .map(List::getFirst)
            .collect(Collectors.toSet());
    Set<String> named = new TreeSet<>();
    forEachSource(
        (file, text) -> TICKET.matcher(text).results().forEach(m -> named.add(m.group())));
    assertThat(explained).containsAll(named).hasSizeGreaterThan(5);
  }

  @Test
  void listsTheErrorCodes() {
    List<List<String>> rows = contract.table("code", "name", "`error_type`");
    assertThat(rows.stream().map(row -> row.get(0) + " " + row.get(1)))
        .containsExactly(
            Stream.of(ErrorCode.values())
                .map(code -> code.number() + " `" + code + "`")
                .toArray(String[]::new));
    for (List<String> row : rows) {
      ErrorCode code = ErrorCode.valueOf(ContractDocument.code(row.get(1)).getFirst());
      assertThat(ContractDocument.code(row.get(2))).contains(code.type().wireName());
      String retryable = row.get(3);
      boolean dependsOnStatus = code == ErrorCode.HTTP_ERROR;
      assertThat(retryable.startsWith("yes")).as(code.name()).isEqualTo(code.retryable());
      assertThat(retryable.startsWith("no") || retryable.startsWith("configurable"))
          .as(code.name())
          .isEqualTo(!code.retryable() && !dependsOnStatus);
    }
  }

  @Test
  void listsTheReasonsOfRejections() {
    assertThat(
            contract.table("order", "`reason`").stream()
                .map(row -> ContractDocument.code(row.get(1)).getFirst()))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(RejectReason.values()).map(RejectReason::wireName).toList());
  }

  /** Operators search for them: who changes one has to change the contract. */
  @Test
  void namesTheInputsAndOutputsOfTheSchemas() {
    List<List<String>> rows = contract.table("type (aliases)", "pool", "inputs", "outputs");
    assertThat(rows.stream().map(row -> ContractDocument.code(row.getFirst()).getFirst()))
        .containsExactlyInAnyOrderElementsOf(BlockSchemas.types());
    for (List<String> row : rows) {
      String type = ContractDocument.code(row.getFirst()).getFirst();
      assertThat(ContractDocument.code(row.get(2)))
          .as(type)
          .containsAll(BlockSchemas.names(type, "inputs"));
      assertThat(ContractDocument.code(row.get(3)))
          .as(type)
          .containsAll(BlockSchemas.names(type, "outputs"));
    }
  }

  @Test
  void quotesOnlyLogMessagesThatAreLogged() {
    Set<String> literals = new TreeSet<>();
    forEachSource(
        (file, text) -> {
          if (file.startsWith("src/main/java")) {
            Pattern.compile("\"([^\"\\n]+)\"")
                .matcher(text)
                .results()
                .forEach(m -> literals.add(m.group(1)));
          }
        });
    List<String> quoted =
        contract.table("message", "level").stream()
            .flatMap(row -> Pattern.compile("\"([^\"]+)\"").matcher(row.getFirst()).results())
            .map(match -> match.group(1))
            .toList();
    assertThat(quoted).hasSizeGreaterThan(10).isSubsetOf(literals);
  }

  /** Keys of details and outputs, as the blocks and the end of a step write them. */
  @Test
  void namesEveryKeyOfDetailsAndOutputs() {
    Set<String> keys = new TreeSet<>();
    forEachSource(
        (file, text) -> {
          if (file.toString()
              .matches("src/main/java/io/beamline/worker/(block|execution|result)/.*")) {
            KEY.matcher(text).results().forEach(match -> keys.add(match.group(1)));
          }
        });
    assertThat(keys).hasSizeGreaterThan(20).isSubsetOf(contract.codeWords());
  }

  private static Set<Integer> numbers(String text) {
    return REFERENCE
        .matcher(LINE_BREAK_IN_COMMENT.matcher(text).replaceAll(" "))
        .results()
        .flatMap(reference -> NUMBER.matcher(reference.group(1)).results())
        .map(number -> Integer.valueOf(number.group()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void forEachSource(SourceReader reader) {
    for (Path folder : FOLDERS) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : (Iterable<Path>) files.filter(ContractDocumentTest::isSource)::iterator) {
          reader.read(file, Files.readString(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static boolean isSource(Path file) {
    return Files.isRegularFile(file)
        && !file.endsWith("contract.md")
        && TEXT_FILE.matcher(file.toString()).matches();
  }

  /** Takes one source file. */
  private interface SourceReader {
    void read(Path file, String text) throws IOException;
  }
}
