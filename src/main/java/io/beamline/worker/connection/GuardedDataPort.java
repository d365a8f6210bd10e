package io.beamline.worker.connection;

import io.nats.client.ErrorListener;
import io.nats.client.Options;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The connection's socket, which gives the client only headers that it can read (see {@link
 * InboundFrames}). The client makes it by its name; its error listener hears of what is left out if
 * it is a {@link QuietErrorListener}. As any data port, read by one thread and written by another.
 */
public final class GuardedDataPort extends LinkDataPort {

  private @Nullable InboundFrames frames;

  /** For the client. */
  public GuardedDataPort() {}

  @Override
  public void afterConstruct(Options options) {
    super.afterConstruct(options);
    ErrorListener listener = options.getErrorListener();
    Runnable leftOut =
        listener instanceof QuietErrorListener quiet ? quiet::headersLeftOut : () -> {};
    frames = new InboundFrames(super::read, options.getInboxPrefix(), leftOut);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    InboundFrames open = frames;
    return open == null ? super.read(target, offset, length) : open.read(target, offset, length);
  }
}
