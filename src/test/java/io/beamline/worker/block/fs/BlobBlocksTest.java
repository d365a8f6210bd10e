package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.Utf8Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class BlobBlocksTest {

  private static final String EMPTY_SHA =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private final Path root;
  private final Fixture files;

  BlobBlocksTest(@TempDir Path folder) throws IOException {
    root = folder.toRealPath();
    files = Fixture.over(root);
  }

  @AfterEach
  void close() {
    files.close();
  }

  @Test
  void putsAndGetsText() throws Exception {
    Map<String, ?> put = files.put("a/b/c.txt", "grün\0\n");
    Map<String, ?> got = files.get("a/b/c.txt");

    assertThat(put.keySet()).containsExactly("path", "size", "sha256", "created");
    assertThat(got.keySet()).containsExactly("path", "size", "sha256", "modified", "content");
    assertThat(put.get("path")).isEqualTo("a/b/c.txt");
    assertThat(put.get("size")).isEqualTo(7);
    assertThat(got.get("content")).isEqualTo("grün\0\n");
    assertThat(got.get("sha256")).isEqualTo(put.get("sha256"));
    assertThat(got.get("modified")).isEqualTo(put.get("created"));
    assertThat(put.get("created"))
        .isEqualTo(Files.getLastModifiedTime(root.resolve("a/b/c.txt")).toMillis());
  }

  @Test
  void putsAndGetsBytes() throws Exception {
    byte[] bytes = {(byte) 0xff, 0, (byte) 0xc3, 0x28};
    String base64 = Base64.getEncoder().encodeToString(bytes);

    files.put(Map.of("path", "a", "bytes", base64));

    assertThat(Files.readAllBytes(root.resolve("a"))).isEqualTo(bytes);
    assertThat(files.get("a").get("bytes")).isEqualTo(base64);
    assertThat(files.get("a").containsKey("content")).isFalse();
  }

  @Test
  void putsAndGetsNothing() throws Exception {
    assertThat(files.put("a", "").get("sha256")).isEqualTo(EMPTY_SHA);
    assertThat(files.get("a").get("content")).isEqualTo("");
    assertThat(files.put(Map.of("path", "b", "bytes", "")).get("size")).isEqualTo(0);
  }

  @Test
  void rejectsInvalidInputs() {
    assertCode(ErrorCode.MISSING_REQUIRED_FIELD, Map.of("content", "x"));
    assertCode(ErrorCode.MISSING_REQUIRED_FIELD, Map.of("path", "a"));
    assertCode(ErrorCode.INVALID_INPUT, Map.of("path", "a", "content", "x", "bytes", "eA=="));
    assertCode(ErrorCode.INVALID_FORMAT, Map.of("path", "a", "bytes", "no base64!"));
    assertCode(ErrorCode.INVALID_INPUT, Map.of("path", "a", "content", 5));
    assertCode(ErrorCode.INVALID_INPUT, Map.of("path", "a", "content", "x", "overwrite", "yes"));
    assertCode(ErrorCode.INVALID_INPUT, Map.of("path", "a\0", "content", "x"));
    assertCode(ErrorCode.INVALID_INPUT, Map.of("path", "", "content", "x"));
    assertCode(ErrorCode.INVALID_INPUT, Map.of("path", "n".repeat(300), "content", "x"));
    assertCode(ErrorCode.PERMISSION_DENIED, Map.of("path", "../a", "content", "x"));
    assertThat(root).isEmptyDirectory();
    assertThat(Content.of(Utf8Text.of("a\ud800"))).isNull();
  }

  @Test
  void refusesAPathThatNoSystemWouldTake() {
    for (String path :
        List.of("a/".repeat(500_000) + "a", "a/".repeat(2_047) + "a", "ä".repeat(2_048))) {
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> files.put(path, "x"), () -> files.get(path), () -> files.delete(path))) {
        StepError error = Fixture.error(call);
        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_INPUT);
        assertThat(error.message()).isEqualTo("The path is too long");
        assertThat(error.details()).doesNotContainKey("path");
      }
    }
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aPutOfTheSameContentSucceedsAndChangesNothing() throws Exception {
    files.put("a", "one");
    FileTime longAgo = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(root.resolve("a"), longAgo);

    assertThat(files.put("a", "one").get("created")).isEqualTo(1_000_000L);
    assertThat(files.overwrite("a", "one").get("created")).isEqualTo(1_000_000L);
    assertThat(Files.getLastModifiedTime(root.resolve("a"))).isEqualTo(longAgo);
  }

  @Test
  void replacesOnlyWithOverwrite() throws Exception {
    files.put("a", "one");

    StepError error = Fixture.error(() -> files.put("a", "two"));

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(error.message()).isEqualTo("The file exists and overwrite is not set");
    assertThat(root.resolve("a")).hasContent("one");
    files.overwrite("a", "two");
    assertThat(root.resolve("a")).hasContent("two");
    assertThat(Fixture.names(root)).containsExactly("a");
  }

  @Test
  void aReplacedFileKeepsItsPermissions() throws Exception {
    files.put("a", "one");
    Files.setPosixFilePermissions(root.resolve("a"), PosixFilePermissions.fromString("rw-rw-rw-"));

    files.overwrite("a", "two");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("a"))))
        .isEqualTo("rw-rw-rw-");
  }

  @Test
  void deletesOnce() throws Exception {
    files.put("a", "one");

    assertThat(files.delete("a")).isEqualTo(Map.of("path", "a", "deleted", true));
    assertThat(files.delete("a")).isEqualTo(Map.of("path", "a", "deleted", false));
    assertThat(files.delete("no/such/folder").get("deleted")).isEqualTo(false);
    StepError missing = Fixture.error(() -> files.get("a"));
    assertThat(missing.code()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE);
    assertThat(missing.retryable()).isFalse();
    assertThat(missing.message()).isEqualTo("The file does not exist");
  }

  @Test
  void touchesRegularFilesOnly() throws Exception {
    Files.createDirectory(root.resolve("folder"));
    assertThat(Fixture.command("mkfifo", root.resolve("fifo").toString())).isTrue();

    for (String path : new String[] {"folder", "fifo"}) {
      assertNotRegular(() -> files.get(path));
      assertNotRegular(() -> files.put(path, "x"));
      assertNotRegular(() -> files.overwrite(path, "x"));
      assertNotRegular(() -> files.delete(path));
    }
    assertThat(Fixture.error(() -> files.put("fifo/a", "x")).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(Fixture.names(root)).containsExactly("fifo", "folder");
  }

  @Test
  void refusesDevices() {
    try (Fixture devices = Fixture.over(Path.of("/dev"))) {
      assertNotRegular(() -> devices.get("zero"));
      assertNotRegular(() -> devices.overwrite("full", "x"));
    }
  }

  @Test
  void aFileAsAFolderIsAnInvalidPath() throws Exception {
    files.put("a", "one");

    assertThat(Fixture.error(() -> files.get("a/b")).code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(Fixture.error(() -> files.put("a/b", "x")).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  @Test
  void readsFilesWhoseSizeIsZeroButHaveContent() throws Exception {
    try (Fixture proc = Fixture.over(Path.of("/proc"))) {
      assertThat(proc.get("version").get("content")).asString().contains("Linux");
    }
    try (Fixture small = new Fixture(10, Path.of("/proc"))) {
      assertThat(Fixture.error(() -> small.get("version")).code())
          .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }
  }

  @Test
  void theSizeIsBounded() throws Exception {
    try (Fixture small = new Fixture(10, root)) {
      small.put("a", "0123456789");
      assertThat(small.get("a").get("size")).isEqualTo(10);
      files.put("b", "0123456789a");

      assertThat(Fixture.error(() -> small.get("b")).code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
      StepError error = Fixture.error(() -> small.put("c", "0123456789a"));
      assertThat(error.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
      assertThat(error.details()).containsEntry("max_bytes", 10L);
    }
  }

  @Test
  void takesContentOfManyChunks() throws Exception {
    byte[] bytes = new byte[3 * 64 * 1024 + 17];
    new Random(1).nextBytes(bytes);
    Content content = new Content(ByteBuffer.wrap(bytes));

    files.putOperation("big", content, false).run(Fixture.STEADY);
    files.putOperation("big", content, false).run(Fixture.STEADY);

    assertThat(files.get("big").get("bytes")).isEqualTo(content.base64().text());
    bytes[bytes.length - 1]++;
    assertThat(
            Fixture.error(() -> files.putOperation("big", content, false).run(Fixture.STEADY))
                .code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  private void assertCode(ErrorCode code, Map<String, ?> inputs) {
    assertThat(Fixture.error(() -> files.put(inputs)).code()).isEqualTo(code);
  }

  private static void assertNotRegular(ThrowingCallable step) {
    assertThat(Fixture.error(step).code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(Fixture.error(step).message()).isEqualTo("The path is not a regular file");
  }
}
