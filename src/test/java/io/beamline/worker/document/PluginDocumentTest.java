package io.beamline.worker.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sources in blocks.md are those of the example, which the tests build. */
class PluginDocumentTest {

  private static final Path EXAMPLE = Path.of("src", "plugin-example");
  private static final String MAIN = "src/main/java/com/example/text/";
  private static final Path POM = Path.of("pom.xml");

  @Test
  void showsTheFilesOfTheExample() throws IOException {
    String page = Document.read(Path.of("src/docs/blocks.md")).text();
    for (String file : List.of(MAIN + "SummaryBlock.java", MAIN + "TextBlocks.java")) {
      assertThat(page).contains("```java\n" + Files.readString(EXAMPLE.resolve(file)) + "```\n");
    }
  }

  @Test
  void buildsTheExampleWithTheVersionsOfTheWorker() throws IOException {
    String example = Files.readString(EXAMPLE.resolve(POM));
    String worker = Files.readString(POM);
    String parent = between(worker, "<artifactId>spring-boot-starter-parent</artifactId>", "</v");
    String version = between(worker, "<artifactId>beamline-worker</artifactId>", "</v");

    assertThat(between(example, "<artifactId>spring-boot-starter-parent</artifactId>", "</v"))
        .isEqualTo(parent);
    assertThat(between(example, "<worker.version>", "<"))
        .isEqualTo(version.replaceAll("(?s).*<version>", ""));
  }

  private static String between(String text, String from, String to) {
    int begin = text.indexOf(from) + from.length();
    return text.substring(begin, text.indexOf(to, begin));
  }
}
