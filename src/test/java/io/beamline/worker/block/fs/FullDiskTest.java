package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full or read-only. It needs the right to mount; without it the tests are reported
 * as skipped, and {@link FileFailuresTest} still has the kernel's own error of a full device.
 */
@Timeout(20)
class FullDiskTest {

  private final Path disk;
  private final Fixture files;

  FullDiskTest(@TempDir Path folder) throws IOException, InterruptedException {
    disk = folder.toRealPath();
    assumeTrue(
        Fixture.command("mount", "-t", "tmpfs", "-o", "size=256k", "none", disk.toString()),
        "This user may not mount a file system");
    files = Fixture.over(disk);
  }

  @AfterEach
  void unmount() throws Exception {
    files.close();
    assertThat(Fixture.command("umount", disk.toString())).isTrue();
  }

  @Test
  void aFullDiskLeavesTheOldContentAndNothingElse() throws Exception {
    files.put("a", "old");

    StepError error = Fixture.error(() -> files.overwrite("a", "n".repeat(500_000)));
    StepError created = Fixture.error(() -> files.put("b", "n".repeat(500_000)));

    assertThat(error.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    assertThat(created.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    assertThat(disk.resolve("a")).hasContent("old");
    assertThat(Fixture.names(disk)).containsExactly("a");
    files.overwrite("a", "new");
    assertThat(disk.resolve("a")).hasContent("new");
  }

  /** Known by its state, whatever the language of the error; other faults keep their names. */
  @Test
  void aReadOnlyDiskIsAccessDenied() throws Exception {
    files.put("a", "old");
    assertThat(Fixture.command("mount", "-o", "remount,ro", disk.toString())).isTrue();

    assertThat(Fixture.error(() -> files.put("b", "x")).code())
        .isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(Fixture.error(() -> files.put("c/d", "x")).code())
        .isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(Fixture.error(() -> files.overwrite("a", "x")).code())
        .isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(Fixture.error(() -> files.delete("a")).code())
        .isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(Fixture.error(() -> files.put("a/b", "x")).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(files.put("a", "old").get("size")).isEqualTo(3);
    assertThat(files.get("a").get("content")).isEqualTo("old");
    assertThat(Files.exists(disk.resolve("c"))).isFalse();
  }
}
