package io.beamline.worker.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page of releases says of the build is what the build has. */
class ReleaseDocumentTest {

  private static final Pattern LABEL = Pattern.compile("org\\.opencontainers\\.image\\.[a-z.]+");
  private static final Pattern VERSION =
      Pattern.compile("<artifactId>beamline-worker</artifactId>\\s*<version>([^<]+)<");

  private final String page = Document.read(Path.of("src", "docs", "release.md")).text();

  @Test
  void namesTheLabelsOfTheImage() throws IOException {
    assertThat(found(LABEL, page)).isEqualTo(found(LABEL, read("Dockerfile")));
  }

  @Test
  void namesTheFilesThatHaveTheVersion() throws IOException {
    String version = VERSION.matcher(read("pom.xml")).results().findFirst().orElseThrow().group(1);
    List<String> files =
        List.of(
            "pom.xml",
            "Dockerfile",
            "helm/beamline-worker/Chart.yaml",
            "src/plugin-example/pom.xml");

    for (String file : files) {
      assertThat(page).contains("`" + file + "`");
      assertThat(read(file)).contains(version);
    }
    assertThat(Repository.files("src/main", "src/plugin-example", "helm", "pom.xml", "Dockerfile"))
        .filteredOn(file -> Repository.bytes(file).contains(version))
        .hasSameSizeAs(files);
  }

  @Test
  void namesTheBuildArgumentsOfTheImage() throws IOException {
    String dockerfile = read("Dockerfile");

    assertThat(found(Pattern.compile("--build-arg ([A-Z]+)="), page))
        .isNotEmpty()
        .allMatch(argument -> dockerfile.contains(argument.replace("--build-arg", "ARG")));
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file));
  }
}
