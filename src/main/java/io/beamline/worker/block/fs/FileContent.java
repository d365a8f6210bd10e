package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

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
    // One more than expected, so that the end is found without more room.
    ByteBuffer content = ByteBuffer.allocate(Math.max(expected + 1, SMALL_CHUNK_BYTES));
    while (readChunk(channel, content)) {
      progress.checkpoint();
      if (content.position() > maxBytes) {
        throw FileFailures.tooLarge(given, maxBytes);
      }
      if (!content.hasRemaining()) {
        content = larger(content);
      }
    }
    return new Content(content.flip());
  }

  /** Whether a file has exactly this content. */
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

  /** Whether there was more; reads so little at once that a slow disk can be given up between. */
  private static boolean readChunk(FileChannel channel, ByteBuffer into) throws IOException {
    int length = Math.min(into.remaining(), CHUNK_BYTES);
    int read = channel.read(into.slice(into.position(), length));
    into.position(into.position() + Math.max(read, 0));
    return read >= 0;
  }

  private static ByteBuffer larger(ByteBuffer full) {
    return ByteBuffer.allocate(Math.multiplyExact(full.capacity(), 2)).put(full.flip());
  }
}
