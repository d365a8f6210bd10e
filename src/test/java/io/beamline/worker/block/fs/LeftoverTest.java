package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.beamline.worker.block.fs.Leftover.CleanupDecision;
import io.beamline.worker.block.fs.Leftover.LockResult;
import io.beamline.worker.timeout.TimeSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LeftoverTest {

  private static final TempName NOW = TempName.next("me");
  private static final TempName MINE =
      new TempName(NOW.worker(), "0123456789abcdef", "0123456789abcdef");
  private static final TempName OTHERS =
      new TempName("01234567", "0123456789abcdef", "0123456789abcdef");

  private final Path root;

  LeftoverTest(@TempDir Path folder) {
    root = folder;
  }

  static Stream<Arguments> cases() {
    Duration none = Duration.ZERO;
    Duration minute = Duration.ofMinutes(1);
    Duration hour = Duration.ofHours(1);
    Duration week = Duration.ofDays(7);
    return Stream.of(
        arguments(NOW, LockResult.ACQUIRED, week, CleanupDecision.KEEP),
        arguments(NOW, LockResult.UNSUPPORTED, week, CleanupDecision.KEEP),
        arguments(MINE, LockResult.HELD, week, CleanupDecision.CHECK_LATER),
        arguments(MINE, LockResult.ACQUIRED, none, CleanupDecision.REMOVE),
        arguments(MINE, LockResult.ACQUIRED, minute.negated(), CleanupDecision.REMOVE),
        arguments(MINE, LockResult.UNSUPPORTED, hour, CleanupDecision.CHECK_LATER),
        arguments(MINE, LockResult.UNSUPPORTED, week, CleanupDecision.REMOVE),
        arguments(OTHERS, LockResult.HELD, week, CleanupDecision.KEEP),
        arguments(OTHERS, LockResult.ACQUIRED, minute.negated(), CleanupDecision.CHECK_LATER),
        arguments(OTHERS, LockResult.ACQUIRED, minute, CleanupDecision.CHECK_LATER),
        arguments(OTHERS, LockResult.ACQUIRED, hour, CleanupDecision.REMOVE),
        arguments(OTHERS, LockResult.UNSUPPORTED, hour, CleanupDecision.CHECK_LATER),
        arguments(OTHERS, LockResult.UNSUPPORTED, week, CleanupDecision.REMOVE));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void recognizesALeftover(TempName name, LockResult lock, Duration age, CleanupDecision decision) {
    assertThat(Leftover.decide(name, lock, age, "me")).isEqualTo(decision);
  }

  @Test
  void readsTheNamesItWrites() {
    assertThat(TempName.parse(NOW.path())).isEqualTo(NOW);
    assertThat(NOW.isOf("me")).isTrue();
    assertThat(NOW.isOf("you")).isFalse();
    assertThat(NOW.isOfThisProcess()).isTrue();
    assertThat(TempName.next("me")).isNotEqualTo(NOW);
  }

  @Test
  void sweepsWhatIsItsOwnAndNothingElse() throws IOException {
    Path deep = Files.createDirectories(root.resolve("a/b/c"));
    Path outside = Files.createTempDirectory("outside");
    Files.createSymbolicLink(deep.resolve("link"), outside);
    Path far = Files.createFile(outside.resolve(MINE.path()));
    Path mine = Files.createFile(deep.resolve(MINE.path()));
    Path now = Files.createFile(deep.resolve(NOW.path()));
    Path others = Files.createFile(deep.resolve(OTHERS.path()));
    Path file = Files.createFile(deep.resolve(".beamline-notes.tmp"));
    Path folder = Files.createDirectory(root.resolve(MINE.path()));

    assertThat(sweep()).as("another's young file is looked at again later").isTrue();

    assertThat(mine).doesNotExist();
    assertThat(Stream.of(far, now, others, file, folder)).allMatch(Files::exists);
    Files.setLastModifiedTime(others, FileTime.fromMillis(0));
    assertThat(sweep()).isFalse();
    assertThat(others).doesNotExist();
    Files.delete(far);
    Files.delete(outside);
  }

  @Test
  void keepsALockedFileAndChecksItLater() throws IOException {
    Path mine = Files.createFile(root.resolve(MINE.path()));
    try (FileChannel channel = FileChannel.open(mine, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThat(sweep()).isTrue();
      assertThat(mine).exists();
    }
    assertThat(sweep()).isFalse();
    assertThat(mine).doesNotExist();
  }

  @Test
  void aRootThatDoesNotExistHasNoLeftovers() throws IOException {
    assertThat(new LeftoverSweep("me", TimeSource.system()).run(root.resolve("missing"))).isFalse();
  }

  private boolean sweep() throws IOException {
    return new LeftoverSweep("me", TimeSource.system()).run(root);
  }
}
