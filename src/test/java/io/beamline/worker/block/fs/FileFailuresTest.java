package io.beamline.worker.block.fs;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static io.beamline.worker.contract.ErrorCode.PERMISSION_DENIED;
import static io.beamline.worker.contract.ErrorCode.QUOTA_EXCEEDED;
import static io.beamline.worker.contract.ErrorCode.RESOURCE_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.RouterRules;
import io.beamline.worker.contract.StepError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileFailuresTest {

  static Stream<Arguments> errors() {
    return Stream.of(
        arguments(new NoSuchFileException("f"), RESOURCE_UNAVAILABLE, false),
        arguments(new AccessDeniedException("f"), PERMISSION_DENIED, false),
        arguments(new NotDirectoryException("f"), INVALID_INPUT, false),
        arguments(new FileAlreadyExistsException("f"), INVALID_INPUT, false),
        arguments(new FileSystemLoopException("f"), PERMISSION_DENIED, false),
        arguments(new IOException(text(SystemError.NO_SPACE)), QUOTA_EXCEEDED, false),
        arguments(with(SystemError.NO_SPACE), QUOTA_EXCEEDED, false),
        arguments(with("Disk quota exceeded"), QUOTA_EXCEEDED, false),
        arguments(with("File too large"), QUOTA_EXCEEDED, false),
        arguments(with("Permission denied"), PERMISSION_DENIED, false),
        arguments(with(SystemError.NOT_PERMITTED), PERMISSION_DENIED, false),
        arguments(with(SystemError.LINK_LOOP), PERMISSION_DENIED, false),
        arguments(with(SystemError.NOT_A_FOLDER), INVALID_INPUT, false),
        arguments(with(SystemError.IS_A_FOLDER), INVALID_INPUT, false),
        arguments(with(SystemError.NAME_TOO_LONG), INVALID_INPUT, false),
        arguments(with("Input/output error"), RESOURCE_UNAVAILABLE, true),
        arguments(with("Transport endpoint is not connected"), RESOURCE_UNAVAILABLE, true),
        arguments(with("Stale file handle"), RESOURCE_UNAVAILABLE, true),
        arguments(new FileSystemException("f"), RESOURCE_UNAVAILABLE, true),
        arguments(new IOException(), RESOURCE_UNAVAILABLE, true));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void mapsErrors(IOException error, ErrorCode code, boolean retryable) {
    StepError failure = FileFailures.of(error, "a/b").error();

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.details()).containsEntry("path", "a/b");
    assertThat(RouterRules.looksLikeProviderFault(failure.message())).isFalse();
    assertThat(failure.message()).doesNotContain(code.name());
  }

  static Stream<StepError> sentences() {
    return Stream.of(
            FileFailures.changed("p"),
            FileFailures.outside("p"),
            FileFailures.exists("p"),
            FileFailures.notRegular("p"),
            FileFailures.invalidPath("p"),
            FileFailures.namesNoFile("p"),
            FileFailures.missing("p"),
            FileFailures.tooLarge("p", 9))
        .map(failure -> failure.error());
  }

  @ParameterizedTest
  @MethodSource("sentences")
  void saysNothingThatTheRouterMisreads(StepError failure) {
    assertThat(failure.message()).doesNotContain(failure.code().name());
  }

  @Test
  void recognisesAFullDeviceByTheKernelsOwnWords() throws IOException {
    try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
      IOException error =
          catchThrowableOfType(IOException.class, () -> full.write(ByteBuffer.allocate(1)));

      assertThat(FileFailures.of(error, "p").error().code()).isEqualTo(QUOTA_EXCEEDED);
    }
  }

  /** What Java calls the error here. */
  private static String text(SystemError error) {
    return ProvokedErrors.texts().stream()
        .filter(entry -> entry.getKey() == error)
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static IOException with(SystemError error) {
    return with(text(error));
  }

  private static IOException with(String reason) {
    return new FileSystemException("f", null, reason);
  }
}
