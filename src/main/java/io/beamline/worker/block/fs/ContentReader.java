package io.beamline.worker.block.fs;

import io.beamline.worker.block.ContentMemory.Reservation;
import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.EncodedSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads one file in chunks, as far as its limits allow. The file's size is only a hint: files of
 * {@code /proc} call themselves regular and empty, and others grow. For one file thread.
 */
final class ContentReader {

  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int SMALL_CHUNK_BYTES = 8 * 1024;

  private final ReadLimits limits;
  private final Reservation memory;
  private final String given;
  private final Progress progress;
  private ByteBuffer content;
  private long encodedAsText;
  private int encoded;

  /**
   * A reader.
   *
   * @param memory takes what the content needs
   * @param given the path as the job gave it
   */
  ContentReader(ReadLimits limits, Reservation memory, String given, Progress progress) {
    this.limits = limits;
    this.memory = memory;
    this.given = given;
    this.progress = progress;
    this.content = ByteBuffer.allocate(0);
  }

  /**
   * All that can be read; null when there is too little memory for it, which the reservation then
   * waits for.
   *
   * @param sizeHint how much there probably is
   * @throws StepFailure QUOTA_EXCEEDED as soon as there is more than the limits allow, and before
   *     anything is read when the hint says so
   */
  @Nullable Content readAll(FileChannel channel, long sizeHint) throws StepFailure, IOException {
    limits.require(sizeHint, given);
    // One more than expected, so that the end is found without more room.
    int expected = (int) sizeHint + 1;
    content = ByteBuffer.allocate(Math.clamp(expected, SMALL_CHUNK_BYTES, CHUNK_BYTES));
    while (readChunk(channel)) {
      progress.checkpoint();
      limits.require(content.position(), given);
      requirePublishable();
      int capacity = content.hasRemaining() ? content.capacity() : largerThanNow(expected);
      if (!memory.tryReserve(limits.memoryFor(capacity))) {
        return null;
      }
      enlarge(capacity);
    }
    return new Content(content.flip());
  }

  /** Whether there was more; reads so little at once that a slow disk can be given up between. */
  private boolean readChunk(FileChannel channel) throws IOException {
    int length = Math.min(content.remaining(), CHUNK_BYTES);
    int read = channel.read(content.slice(content.position(), length));
    content.position(content.position() + Math.max(read, 0));
    return read >= 0;
  }

  /** What follows may turn text into bytes, which take less than a text of many escapes. */
  private void requirePublishable() throws StepFailure {
    int read = content.position();
    if ((long) read * EncodedSize.LONGEST_ESCAPE > limits.maxResultBytes()) {
      encodedAsText += EncodedSize.ofText(content.duplicate().flip().position(encoded));
      encoded = read;
      long least = Math.min(encodedAsText, EncodedSize.ofBase64(read));
      ResultLimit.require(least, limits.maxResultBytes());
    }
  }

  private int largerThanNow(int expected) {
    return Math.max(expected, Math.multiplyExact(content.capacity(), 2));
  }

  private void enlarge(int capacity) {
    if (capacity > content.capacity()) {
      content = ByteBuffer.allocate(capacity).put(content.flip());
    }
  }
}
