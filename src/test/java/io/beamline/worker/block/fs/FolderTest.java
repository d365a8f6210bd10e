package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTest {

  /** It goes to the open folder and not to its path. */
  @Test
  void isSyncedWhereverItLies(@TempDir Path root) throws Exception {
    try (Folder folder = Folder.walk(root, List.of(Path.of("a")), true)) {
      assertThatCode(folder::force).doesNotThrowAnyException();
      Files.move(root.resolve("a"), root.resolve("b"));
      assertThatCode(folder::force).doesNotThrowAnyException();
      Files.createFile(root.resolve("a"));
      assertThatCode(folder::force).doesNotThrowAnyException();
    }
  }

  @Test
  void isOpenedWithoutResolvingWhereThereIsNoLink(@TempDir Path root) throws Exception {
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/b/file"), "text");

    try (Folder folder = Folder.parentWithoutLinks(place(root, "a/b/file"))) {
      assertThat(folder)
          .satisfies(opened -> assertThat(opened.attributes(Path.of("file"))).isNotNull());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"in/file", "a/out/file", "a/missing/file", "a/b/file/x", "a/loop/x"})
  void isNotOpenedThroughALinkOrWhereNothingIs(String path, @TempDir Path home) throws Exception {
    Path root = home.resolve("root");
    Path outside = Files.createDirectory(home.resolve("outside"));
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/b/file"), "text");
    Files.writeString(outside.resolve("file"), "secret");
    Files.createSymbolicLink(root.resolve("in"), root.resolve("a/b"));
    Files.createSymbolicLink(root.resolve("a/out"), outside);
    Files.createSymbolicLink(root.resolve("a/loop"), Path.of("loop"));

    assertThat(Folder.parentWithoutLinks(place(root, path))).isNull();
  }

  @Test
  void isNotOpenedInARootThatIsMissing(@TempDir Path home) throws Exception {
    assertThat(Folder.parentWithoutLinks(place(home.resolve("missing"), "file"))).isNull();
  }

  /** What follows two dots may be no folder, which only the resolved path tells. */
  @Test
  void isNotLookedForByAPathWithTwoDots(@TempDir Path root) throws Exception {
    PermittedRoots roots = new PermittedRoots(List.of(root));
    assertThat(RealPaths.withoutLinks(roots.locate("a/../file"))).isNull();
    assertThat(RealPaths.withoutLinks(roots.locate("a/./file")))
        .isEqualTo(new RealPaths.ResolvedLocation(root, Path.of("a/file")));
  }

  private static RealPaths.ResolvedLocation place(Path root, String path) {
    return new RealPaths.ResolvedLocation(root, Path.of(path));
  }
}
