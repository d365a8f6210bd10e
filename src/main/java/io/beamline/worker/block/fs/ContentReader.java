package io.beamline.worker.block.fs;

import io.beamline.worker.block.ContentMemory.Reservation;
import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.json.EncodedSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads one file in chunks, up to its limits. The size of the file is only a hint: files of {@code
 * /proc} have size 0, and other files may grow. Not thread-safe: one file thread uses it.
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
   * Creates a reader.
   *
   * @param memory reserves memory for the content
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
   * Reads the whole file. Returns null if too little memory is free; then the reservation can wait
   * for it.
   *
   * @param sizeHint the expected size in bytes
   * @throws StepFailure QUOTA_EXCEEDED as soon as the content exceeds a limit; before the first
   *     read if the hint does
   */
  @Nullable Content readAll(FileChannel channel, long sizeHint) throws StepFailure, IOException {
    limits.require(sizeHint, given);
    // One byte more than expected, so that the end is detected without a larger buffer.
    int expected = (int) sizeHint + 1;
    content = ByteBuffer.allocate(Math.clamp(expected, SMALL_CHUNK_BYTES, CHUNK_BYTES));
    while (readChunk(channel)) {
      progress.checkpoint();
      limits.require(content.position(), given);
      requirePublishable();
      int capacity = content.hasRemaining() ? content.capacity() : doubledCapacity(expected);
      if (!memory.tryReserve(limits.memoryFor(capacity))) {
        return null;
      }
      enlarge(capacity);
    }
    return new Content(content.flip());
  }

  /**
   * Reads one chunk and returns false at the end. Chunks are small, so that the operation can be
   * abandoned between them on a slow disk.
   */
  private boolean readChunk(FileChannel channel) throws IOException {
    int length = Math.min(content.remaining(), CHUNK_BYTES);
    int read = channel.read(content.slice(content.position(), length));
    content.position(content.position() + Math.max(read, 0));
    return read >= 0;
  }

  /**
   * Checks that the content read so far fits into a result as text or as base64, whichever is
   * shorter. What fits as base64 is not counted as text.
   */
  private void requirePublishable() throws StepFailure {
    int read = content.position();
    long asBase64 = EncodedSize.ofBase64(read);
    if (asBase64 > limits.maxResultBytes()) {
      encodedAsText += EncodedSize.ofText(content.duplicate().flip().position(encoded));
      encoded = read;
      ResultLimit.require(Math.min(encodedAsText, asBase64), limits.maxResultBytes());
    }
  }

  private int doubledCapacity(int expected) {
    return Math.max(expected, Math.multiplyExact(content.capacity(), 2));
  }

  private void enlarge(int capacity) {
    if (capacity > content.capacity()) {
      content = ByteBuffer.allocate(capacity).put(content.flip());
    }
  }
}
