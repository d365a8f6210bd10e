package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.RouterRules;
import io.beamline.worker.contract.StepError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A path means to the worker what it means to the kernel, or it is refused. */
@Timeout(20)
class PathMeaningTest {

  private final Path root;
  private final Fixture files;

  PathMeaningTest(@TempDir Path folder) throws IOException {
    root = folder.toRealPath();
    files = Fixture.over(root);
  }

  @AfterEach
  void close() {
    files.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x/", "x//", "x/.", "x/./", "d/..", "d/x/..", "d/", "new/", "new/."})
  void aPathThatEndsLikeAFolderNamesNoFile(String path) throws Exception {
    files.put("x", "one");
    files.put("d/x", "one");

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> files.get(path),
            () -> files.put(path, "one"),
            () -> files.overwrite(path, "two"),
            () -> files.delete(path))) {
      StepError error = Fixture.error(call);
      assertThat(error.code()).isEqualTo(ErrorCode.INVALID_INPUT);
      assertThat(error.message()).endsWith("names no file").doesNotContain(path);
      assertThat(RouterRules.looksLikeProviderFault(error.message())).isFalse();
    }
    assertThat(Fixture.names(root)).containsExactly("d", "x");
    assertThat(root.resolve("x")).hasContent("one");
    assertThat(root.resolve("d/x")).hasContent("one");
  }

  @Test
  void repeatedAndInnerSlashesAndDotsChangeNothing() throws Exception {
    files.put("d//.//x", "one");

    assertThat(root.resolve("d/x")).hasContent("one");
    assertThat(files.get("d/../d/x").get("content")).isEqualTo("one");
    assertThat(files.get("d/./x").get("content")).isEqualTo("one");
    assertThat(files.delete("d//x").get("deleted")).isEqualTo(true);
  }

  /** The kernel would refuse the first, and look for the others elsewhere. */
  @ParameterizedTest
  @ValueSource(strings = {"x/../y", "link/../y", "d/x/../../y", "d/../link/../y"})
  void twoDotsAfterAFileOrALinkAreRefused(String path) throws Exception {
    files.put("x", "one");
    files.put("y", "one");
    files.put("d/x", "one");
    files.put("far/inner/x", "one");
    Files.createSymbolicLink(root.resolve("link"), root.resolve("far/inner"));

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> files.get(path), () -> files.overwrite(path, "two"), () -> files.delete(path))) {
      StepError error = Fixture.error(call);
      assertThat(error.code()).isEqualTo(ErrorCode.INVALID_INPUT);
      assertThat(error.message()).isEqualTo("A part of the path is not a folder");
    }
    assertThat(root.resolve("y")).hasContent("one");
    assertThat(Fixture.names(root.resolve("far"))).containsExactly("inner");
  }

  /** What lies there must not show in the error. */
  @Test
  void twoDotsDoNotLookBehindALinkThatLeadsOut(@TempDir Path outside) throws Exception {
    Files.createFile(outside.resolve("file"));
    Files.createSymbolicLink(root.resolve("out"), outside);

    for (String path : List.of("out/file/../../y", "out/nothing/../../y")) {
      assertThat(Fixture.error(() -> files.put(path, "x")).code())
          .isEqualTo(ErrorCode.PERMISSION_DENIED);
    }
    assertThat(root.resolve("y")).doesNotExist();
  }
}
