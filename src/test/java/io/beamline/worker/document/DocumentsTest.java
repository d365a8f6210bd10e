package io.beamline.worker.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents refer only to what is there. */
class DocumentsTest {

  private static final Path DOCUMENTS = Path.of("src", "docs");

  /** Inline code that is a path of this repository, with at most a line of options after it. */
  private static final Pattern PATH_IN_CODE =
      Pattern.compile("(?:src|helm|\\.ci|\\.mvn)/[\\w./-]+|[\\w.-]+\\.(?:md|java)");

  private static final Pattern TEST_IN_CODE = Pattern.compile("(?:[A-Z][a-z0-9]+)+(?:Test|IT)");

  /** A test that a command runs; {@code none} is none on purpose. */
  private static final Pattern TEST_IN_COMMAND =
      Pattern.compile("-D(?:it\\.)?test=(?!none\\b)(\\w+)");

  private static final Pattern MENTION = Pattern.compile("(?<![\\w*/.:-])[\\w./-]*\\w\\.md\\b");
  private static final List<String> WRITTEN_BY_A_RUN =
      List.of("target/bench.md", "target/bench-long.md", "target/bench-sizes.md");

  static List<Document> documents() {
    return Document.all();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksOnlyToWhatIsThere(Document document) {
    for (String link : document.links()) {
      if (link.matches("https?://.*")) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path target = parts[0].isEmpty() ? document.path() : document.resolve(parts[0]);
      assertThat(target).as("%s in %s", link, document.path()).exists();
      if (parts.length == 2) {
        assertThat(Document.read(target).anchors())
            .as("%s in %s", link, document.path())
            .contains(parts[1]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void namesOnlyFilesThatAreThere(Document document) {
    for (String code : document.code()) {
      if (PATH_IN_CODE.matcher(code).matches()) {
        assertThat(Stream.of(Path.of(code), document.resolve(code)).anyMatch(Files::exists))
            .as("%s in %s", code, document.path())
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void namesOnlyTestsThatAreThere(Document document) {
    Set<String> tests =
        Repository.files("src/test", "src/bench").stream()
            .map(Repository::stem)
            .collect(Collectors.toSet());
    List<String> named =
        Stream.concat(
                document.code().stream().filter(code -> TEST_IN_CODE.matcher(code).matches()),
                TEST_IN_COMMAND.matcher(document.text()).results().map(found -> found.group(1)))
            .toList();
    assertThat(tests).as("tests named in %s", document.path()).containsAll(named);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void isReachedFromTheReadme(Document document) {
    Set<Path> linked =
        Document.all().stream()
            .filter(other -> !other.path().equals(document.path()))
            .flatMap(
                other -> other.links().stream().map(link -> other.resolve(link.split("#", 2)[0])))
            .collect(Collectors.toSet());
    if (!document.path().equals(Path.of("README.md"))) {
      assertThat(linked).contains(document.path());
    }
  }

  /** Sources, chart and build name documents in comments. */
  @Test
  void areNamedElsewhereOnlyIfTheyAreThere() {
    List<String> absent =
        Repository.files("src", "helm", ".ci", "pom.xml", "Dockerfile").stream()
            .flatMap(DocumentsTest::absentDocuments)
            .toList();
    assertThat(absent).as("documents that are named and absent").isEmpty();
  }

  private static Stream<String> absentDocuments(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return MENTION
        .matcher(Repository.bytes(file))
        .results()
        .map(MatchResult::group)
        .filter(name -> !WRITTEN_BY_A_RUN.contains(name))
        .filter(
            name ->
                Stream.of(Path.of(""), DOCUMENTS, folder)
                    .noneMatch(place -> Files.exists(place.resolve(name))))
        .map(name -> file + ": " + name);
  }
}
