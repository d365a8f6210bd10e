package io.beamline.worker.connection;

import io.nats.client.ErrorListener;
import io.nats.client.Options;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The connection's socket, which passes only readable headers to the client (see {@link
 * InboundFrames}). The client creates it by its class name. A {@link ClientErrorListener} logs when
 * headers were removed. One thread reads and another writes, as with any data port.
 */
public final class GuardedDataPort extends LinkDataPort {

  private @Nullable InboundFrames frames;

  /** Called by the client, by reflection. */
  public GuardedDataPort() {}

  @Override
  public void afterConstruct(Options options) {
    super.afterConstruct(options);
    ErrorListener listener = options.getErrorListener();
    Runnable onRemoved =
        listener instanceof ClientErrorListener client ? client::logHeadersRemoved : () -> {};
    frames = new InboundFrames(super::read, options.getInboxPrefix(), onRemoved);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    InboundFrames open = frames;
    return open == null ? super.read(target, offset, length) : open.read(target, offset, length);
  }
}
