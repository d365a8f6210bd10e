package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;

/**
 * Reads regular files in chunks. A file's size is not believed: files of {@code /proc} call
 * themselves regular and empty, and others grow.
 */
final class FileContent {

  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int SMALL_CHUNK_BYTES = 8 * 1024;
  private static final long LARGEST_HINT = 1L << 30;

  private FileContent() {}

  /**
   * Lets regular files pass.
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

  /**
   * All that can be read.
   *
   * @param sizeHint how much there probably is
   * @param maxBytes the most that may be read
   * @throws StepFailure QUOTA_EXCEEDED as soon as there is more
   */
  static Content readAll(
      FileChannel channel, long sizeHint, long maxBytes, String given, Progress progress)
      throws StepFailure, IOException {
    int expected = (int) Math.clamp(sizeHint, 0L, Math.min(maxBytes, LARGEST_HINT));
    ByteArrayOutputStream content = new ByteArrayOutputStream(expected);
    ByteBuffer chunk = ByteBuffer.allocate(chunkBytes(expected));
    while (channel.read(chunk) >= 0) {
      progress.checkpoint();
      content.write(chunk.array(), 0, chunk.position());
      chunk.clear();
      if (content.size() > maxBytes) {
        throw FileFailures.tooLarge(given, maxBytes);
      }
    }
    return new Content(content.toByteArray());
  }

  /** Whether a file has exactly this content. */
  static boolean equals(Folder folder, Path name, Content expected, Progress progress)
      throws IOException {
    byte[] content = expected.bytes();
    try (FileChannel channel = folder.read(name)) {
      ByteBuffer chunk = ByteBuffer.allocate(chunkBytes(content.length));
      int from = 0;
      while (channel.read(chunk) >= 0) {
        progress.checkpoint();
        int to = from + chunk.position();
        if (to > content.length
            || !Arrays.equals(content, from, to, chunk.array(), 0, chunk.position())) {
          return false;
        }
        from = to;
        chunk.clear();
      }
      return from == content.length;
    }
  }

  /** Not larger than there is need for: most files are small. */
  private static int chunkBytes(int expected) {
    return Math.clamp(expected, SMALL_CHUNK_BYTES, CHUNK_BYTES);
  }
}
