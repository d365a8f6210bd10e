package io.beamline.worker.block.sql;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import java.io.ByteArrayOutputStream;

/** Collects bytes up to a limit. Not thread-safe. */
final class LimitedOutput extends ByteArrayOutputStream {

  private static final int FIRST_SIZE = 1_024;

  private final long maxBytes;

  /**
   * Creates an empty output.
   *
   * @param maxBytes the most bytes that it takes
   */
  LimitedOutput(long maxBytes) {
    super(FIRST_SIZE);
    this.maxBytes = maxBytes;
  }

  @Override
  public synchronized void write(int b) {
    require(1);
    super.write(b);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    require(length);
    super.write(bytes, from, length);
  }

  private void require(int more) {
    if (count + (long) more > maxBytes) {
      throw new LimitExceededException(count + (long) more);
    }
  }

  /** Returns what was written, without a copy. */
  RawJson json() {
    return new RawJson(new Utf8Text(buf, 0, count));
  }

  /** There were more bytes than the limit. */
  static final class LimitExceededException extends RuntimeException {

    private final long size;

    LimitExceededException(long size) {
      super(null, null, false, false);
      this.size = size;
    }

    /** Returns a lower bound of the size of all that was to be written, in bytes. */
    long size() {
      return size;
    }
  }
}
