package io.beamline.worker.block.fs;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Provokes errors of the kernel to learn their texts in this process, which depend on the locale,
 * the C library and the JDK. It uses only devices and {@code /proc}, which neither hang nor change.
 * On other systems than Linux it learns fewer texts.
 */
final class ProvokedErrors {

  private static final int LONGER_THAN_ANY_NAME = 1_000;
  private static final int MORE_LINKS_THAN_ARE_FOLLOWED = 41;
  private static final Path NULL = Path.of("/dev/null");
  private static final Path ROOT = Path.of("/");

  private static final List<Entry<SystemError, Provocation>> ALL =
      List.of(
          Map.entry(SystemError.NOT_A_FOLDER, () -> open(NULL.resolve("a"))),
          Map.entry(SystemError.IS_A_FOLDER, () -> FileChannel.open(ROOT, WRITE).close()),
          Map.entry(SystemError.NAME_TOO_LONG, () -> open(longName())),
          Map.entry(SystemError.LINK_LOOP, () -> open(manyLinks())),
          Map.entry(SystemError.LINK_LOOP, ProvokedErrors::openLink),
          Map.entry(SystemError.NO_SPACE, ProvokedErrors::fillDevice),
          Map.entry(SystemError.INVALID_ARGUMENT, ProvokedErrors::enlargeDevice),
          Map.entry(SystemError.NOT_PERMITTED, ProvokedErrors::changeProcess));

  private ProvokedErrors() {}

  /** A call that fails with a known error. */
  @FunctionalInterface
  private interface Provocation {
    void run() throws IOException;
  }

  /** Returns the errors with their texts; an error may have several texts. */
  static List<Entry<SystemError, String>> texts() {
    List<Entry<SystemError, String>> texts = new ArrayList<>();
    for (Entry<SystemError, Provocation> one : ALL) {
      String reason = reason(one.getValue());
      if (reason != null && !reason.isEmpty()) {
        texts.add(Map.entry(one.getKey(), reason));
      }
    }
    return texts;
  }

  private static @Nullable String reason(Provocation provocation) {
    try {
      provocation.run();
      return null;
    } catch (IOException e) {
      return SystemErrors.reason(e);
    }
  }

  private static Path longName() {
    return ROOT.resolve("n".repeat(LONGER_THAN_ANY_NAME));
  }

  private static Path manyLinks() {
    return Path.of("/proc/self/root".repeat(MORE_LINKS_THAN_ARE_FOLLOWED));
  }

  private static void open(Path path) throws IOException {
    FileChannel.open(path, READ).close();
  }

  private static void openLink() throws IOException {
    FileChannel.open(Path.of("/proc/self"), Set.of(READ, LinkOption.NOFOLLOW_LINKS)).close();
  }

  private static void fillDevice() throws IOException {
    try (FileChannel full = FileChannel.open(Path.of("/dev/full"), WRITE)) {
      full.write(ByteBuffer.allocate(1));
    }
  }

  private static void enlargeDevice() throws IOException {
    try (RandomAccessFile device = new RandomAccessFile(NULL.toFile(), "rw")) {
      device.setLength(1);
    }
  }

  private static void changeProcess() throws IOException {
    Files.setPosixFilePermissions(Path.of("/proc/self/status"), Set.of());
  }
}
