package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PermittedRootsTest {

  private static final Path HERE = Path.of("").toAbsolutePath();
  private static final PermittedRoots ROOTS =
      new PermittedRoots(
          List.of(Path.of("./data"), Path.of("/tmp/beamline"), Path.of("/var/lib/x/data")));
  private static final List<String> PARTS =
      List.of("..", ".", "", "a", "data", "tmp", "beamline", "/", "~", "...", "\0", "é");

  @ParameterizedTest
  @CsvSource({
    "a, data/a",
    "a/b.txt, data/a/b.txt",
    "./a, data/a",
    "a//b, data/a/b",
    "data/a, data/a",
    "./data/a, data/a",
    "././data/./a, data/a",
    "database, data/database",
    "x/data/a, data/x/data/a",
    "a/../b, data/b",
    "data/a/../b, data/b",
    "..a/b.., data/..a/b..",
    "tmp/beamline/a, data/tmp/beamline/a",
    "/tmp/beamline/a, /tmp/beamline/a",
    "/tmp//beamline/./a/b/../c, /tmp/beamline/a/c",
    "/var/lib/x/data/a, /var/lib/x/data/a",
  })
  void findsTheFileThatAPathMeans(String given, String expected) throws StepFailure {
    assertThat(ROOTS.locate(given).path()).isEqualTo(HERE.resolve(expected));
    assertThat(ROOTS.locate(given).given()).isEqualTo(given);
  }

  @Test
  void takesTheAbsoluteFormOfARelativeRoot() throws StepFailure {
    Path file = HERE.resolve("data/a");

    assertThat(ROOTS.locate(file.toString()).path()).isEqualTo(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../a",
        "a/../../a",
        "a/../../data/a",
        "data/../a",
        "./data/../../a",
        "/etc/passwd",
        "/",
        "/tmp",
        "/tmp/beamlinex/a",
        "/tmp/beamline/../a",
        "/tmp/beamline/../beamline/a",
        "/etc/../tmp/beamline/a",
        "~/../../a",
      })
  void refusesWhatLiesOutside(String given) {
    assertFault(given, ErrorCode.PERMISSION_DENIED);
    assertThat(Fixture.error(() -> ROOTS.locate(given)).message())
        .isEqualTo("The path leads out of the permitted roots");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "./",
        "data",
        "./data/",
        "data/a/..",
        "/tmp/beamline",
        "/tmp/beamline/",
        "/tmp/beamline/a/..",
        "a/",
        "a//",
        "a/.",
        "a/./",
        "a/b/..",
        "a/../b/.",
        "data/a/",
        "/tmp/beamline/a/",
        "/tmp/beamline/a/b/..",
        "a\0b",
        "/etc/passwd\0",
        "\ud800",
        "a/.beamline-01234567-0123456789abcdef-0123456789abcdef.tmp",
      })
  void refusesWhatNamesNoFile(String given) {
    assertFault(given, ErrorCode.INVALID_INPUT);
  }

  @Test
  void theInnerOfTwoNestedRootsDoesNotNarrowTheOuter() throws StepFailure {
    PermittedRoots nested = new PermittedRoots(List.of(Path.of("/r/in"), Path.of("/r")));

    assertThat(nested.locate("/r/in/../a").path()).isEqualTo(Path.of("/r/a"));
  }

  @RandomCases(500)
  void neverLeavesTheRoots(RandomValues random) {
    String given = String.join("/", random.list(1, 8, () -> random.oneOf(PARTS)));
    try {
      Path path = ROOTS.locate(given).path();
      assertThat(path).isEqualTo(path.normalize());
      assertThat(ROOTS.folders()).anyMatch(root -> path.startsWith(root) && !path.equals(root));
    } catch (StepFailure refused) {
      assertThat(refused.error().code()).isIn(ErrorCode.PERMISSION_DENIED, ErrorCode.INVALID_INPUT);
    }
  }

  private static void assertFault(String given, ErrorCode code) {
    assertThat(Fixture.error(() -> ROOTS.locate(given)))
        .satisfies(
            error -> {
              assertThat(error.code()).isEqualTo(code);
              assertThat(error.details()).containsEntry("path", given);
            });
  }
}
