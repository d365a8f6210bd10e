package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemErrorsTest {

  /** What the kernel itself reports, whatever the locale of this test. */
  @Test
  void recognizesTheKernelsOwnErrors(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);

    assertError(SystemError.NOT_A_FOLDER, () -> file.resolve("a").toRealPath());
    assertError(SystemError.LINK_LOOP, loop::toRealPath);
    assertError(SystemError.NAME_TOO_LONG, () -> folder.resolve("n".repeat(300)).toRealPath());
    assertError(SystemError.IS_A_FOLDER, () -> FileChannel.open(folder, StandardOpenOption.WRITE));
    try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
      assertError(SystemError.NO_SPACE, () -> full.write(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void learnsEachErrorThatCanBeProvoked() {
    assertThat(ProvokedErrors.texts())
        .extracting(Map.Entry::getKey)
        .containsExactly(
            SystemError.NOT_A_FOLDER,
            SystemError.IS_A_FOLDER,
            SystemError.NAME_TOO_LONG,
            SystemError.LINK_LOOP,
            SystemError.LINK_LOOP,
            SystemError.NO_SPACE,
            SystemError.INVALID_ARGUMENT,
            SystemError.NOT_PERMITTED);
    assertThat(ProvokedErrors.texts()).extracting(Map.Entry::getValue).doesNotHaveDuplicates();
  }

  @Test
  void readsTheTextsOfAnyLanguageAndTheLongestFirst() {
    Map<SystemError, String> texts =
        Map.of(
            SystemError.NO_SPACE, "Aucun espace disponible sur le p\u00e9riph\u00e9rique",
            SystemError.NOT_A_FOLDER, "N'est pas un dossier",
            SystemError.IS_A_FOLDER, "un dossier");
    SystemErrors errors = new SystemErrors(List.copyOf(texts.entrySet()));

    texts.forEach((error, text) -> assertThat(errors.of(new IOException(text))).isEqualTo(error));
    assertThat(errors.of(new FileSystemException("un dossier", null, null))).isNull();
    assertThat(errors.of(new FileSystemException("f", null, "No space left on device"))).isNull();
    assertThat(errors.of(new IOException())).isNull();
  }

  private static void assertError(SystemError expected, ThrowingCallable call) {
    IOException thrown = catchThrowableOfType(IOException.class, call);
    assertThat(SystemErrors.ofThisProcess().of(thrown)).isEqualTo(expected);
  }
}
