package io.beamline.worker.connection;

import io.nats.client.Options;
import io.nats.client.impl.SocketDataPort;
import java.io.IOException;
import java.net.SocketException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client's socket, which reports what moves to the {@link LinkProgress} of its connection. It
 * writes in small pieces, so that a large message on a slow link is seen to move. As any data port,
 * read by one thread and written by another.
 */
class LinkDataPort extends SocketDataPort {

  private static final int PIECE = 32 * 1024;

  /** Closing TLS waits at most so many seconds for a write that hangs. */
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
      Objects.requireNonNull(progress).moved();
    }
    return count;
  }

  @Override
  public void write(byte[] source, int length) throws IOException {
    LinkProgress link = Objects.requireNonNull(progress);
    for (int offset = 0; offset < length; offset += PIECE) {
      long began = link.writeBegins();
      out.write(source, offset, Math.min(PIECE, length - offset));
      link.written(began);
    }
  }

  @Override
  public void close() throws IOException {
    if (isSecure) {
      try {
        socket.setSoLinger(true, TLS_LINGER_SECONDS);
      } catch (SocketException e) {
        // The server has closed it, so that no write hangs.
      }
    }
    super.close();
  }
}
