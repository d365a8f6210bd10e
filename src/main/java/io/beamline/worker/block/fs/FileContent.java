package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/** Checks whether files are regular, and whether they have a given content. */
final class FileContent {

  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int SMALL_CHUNK_BYTES = 8 * 1024;

  private FileContent() {}

  /**
   * Checks that a file is regular.
   *
   * @param given the path as the job gave it
   * @throws StepFailure PERMISSION_DENIED for a link, which was swapped in after the path was
   *     resolved; INVALID_INPUT for a folder, FIFO, device or socket
   */
  static void requireRegular(PosixFileAttributes attributes, String given) throws StepFailure {
    if (attributes.isSymbolicLink()) {
      throw FileFailures.outside(given);
    }
    if (!attributes.isRegularFile()) {
      throw FileFailures.notRegular(given);
    }
  }

  /** Returns whether a file has exactly this content. */
  static boolean equals(Folder folder, Path name, Content expected, Progress progress)
      throws IOException {
    ByteBuffer rest = expected.bytes();
    try (FileChannel channel = folder.read(name)) {
      ByteBuffer chunk =
          ByteBuffer.allocate(Math.clamp(rest.remaining(), SMALL_CHUNK_BYTES, CHUNK_BYTES));
      while (channel.read(chunk) >= 0) {
        progress.checkpoint();
        chunk.flip();
        int length = chunk.remaining();
        if (length > rest.remaining() || !chunk.equals(rest.slice(rest.position(), length))) {
          return false;
        }
        rest.position(rest.position() + length);
        chunk.clear();
      }
      return !rest.hasRemaining();
    }
  }
}
