package io.beamline.worker.connection;

import io.nats.client.Options;
import io.nats.client.impl.SocketDataPort;
import java.io.IOException;
import java.net.SocketException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client's socket. It reports reads and writes to the {@link LinkProgress} of its connection.
 * It writes in small chunks, so that a large message on a slow link shows progress. One thread
 * reads and another writes, as with any data port.
 */
class LinkDataPort extends SocketDataPort {

  private static final int WRITE_CHUNK_BYTES = 32 * 1024;

  /** The longest time that closing a TLS connection waits for a write that hangs. */
  private static final int TLS_LINGER_SECONDS = 1;

  private @Nullable LinkProgress progress;

  @Override
  public void afterConstruct(Options options) {
    super.afterConstruct(options);
    progress = (LinkProgress) options.getStatisticsCollector();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = super.read(target, offset, length);
    if (count > 0) {
      Objects.requireNonNull(progress).recordRead();
    }
    return count;
  }

  @Override
  public void write(byte[] source, int length) throws IOException {
    LinkProgress link = Objects.requireNonNull(progress);
    for (int offset = 0; offset < length; offset += WRITE_CHUNK_BYTES) {
      long start = link.writeStart();
      out.write(source, offset, Math.min(WRITE_CHUNK_BYTES, length - offset));
      link.recordWrite(start);
    }
  }

  @Override
  public void close() throws IOException {
    if (isSecure) {
      try {
        socket.setSoLinger(true, TLS_LINGER_SECONDS);
      } catch (SocketException e) {
        // The server has closed the socket, so no write can hang.
      }
    }
    super.close();
  }
}
