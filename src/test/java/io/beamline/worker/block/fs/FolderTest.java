package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
