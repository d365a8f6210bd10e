package io.beamline.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the worker is compared with is of the worker's age: both have the same versions. */
class PlainServicePomTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?s)<parent>.*?<version>([^<]+)</version>",
        "<java.version>([^<]+)<",
        "<netty.version>([^<]+)<",
        "<jnats.version>([^<]+)<"
      })
  void hasTheVersionsOfTheWorker(String version) throws IOException {
    assertThat(found(version, Path.of("src", "bench", "plain", "pom.xml")))
        .isEqualTo(found(version, Path.of("pom.xml")));
  }

  private static String found(String version, Path pom) throws IOException {
    Matcher matcher = Pattern.compile(version).matcher(Files.readString(pom));
    assertThat(matcher.find()).as("%s in %s", version, pom).isTrue();
    return matcher.group(1);
  }
}
