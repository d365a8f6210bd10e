package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.ThisJdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class NameEncodingTest {

  private static final String WARNING = "set LC_ALL=C.UTF-8 in the environment of the worker";

  @ParameterizedTest
  @CsvSource({
    "UTF-8, gr\u00f6\u00dfe, false",
    "ANSI_X3.4-1968, gr\u00f6\u00dfe, true",
    "ANSI_X3.4-1968, ascii, false",
    "ISO-8859-1, gr\u00f6\u00dfe, false",
    "ISO-8859-1, \u65e5, true",
    "no charset, \u65e5, false",
  })
  void findsTextThatItCannotEncode(String encoding, String text, boolean lacks) {
    assertThat(NameEncoding.named(encoding).cannotEncode(text)).isEqualTo(lacks);
  }

  /** Half a character has no form in any encoding: the locale is not to blame. */
  @Test
  void invalidTextIsNotAQuestionOfTheEncoding() {
    assertThat(NameEncoding.named("US-ASCII").cannotEncode("\ud800")).isFalse();
  }

  @Test
  void inALocaleOfUtf8AnyNameWorks(@TempDir Path root) throws Exception {
    String printed = probe("C.UTF-8", root);

    assertThat(printed).contains("content: x").doesNotContain(WARNING);
    assertThat(root.resolve(LocaleProbe.NAME)).hasContent("x");
  }

  @Test
  void inAnotherLocaleTheStartWarnsAndTheStepNamesTheCause(@TempDir Path root) throws Exception {
    String printed = probe("POSIX", root);

    assertThat(printed)
        .contains("sun.jnu.encoding", WARNING)
        .contains("INVALID_INPUT: The locale of the worker cannot encode the path")
        .contains("encoding=US-ASCII", "path=" + LocaleProbe.NAME);
    assertThat(Fixture.names(root)).containsExactly("ascii");
  }

  private static String probe(String locale, Path root) throws IOException, InterruptedException {
    ProcessBuilder java =
        new ProcessBuilder(ThisJdk.java(List.of(), LocaleProbe.class, List.of(root.toString())));
    java.environment().put("LC_ALL", locale);
    Process process = java.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return printed;
  }
}
