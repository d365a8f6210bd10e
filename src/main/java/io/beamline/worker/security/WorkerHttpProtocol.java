package io.beamline.worker.security;

import io.beamline.worker.timeout.TimeSource;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on one port. Adds to Tomcat's protocol limits of connections ({@link OpenConnections})
 * and host names with underscores. Public because Tomcat creates it by its name.
 */
public final class WorkerHttpProtocol extends Http11NioProtocol {

  private static final int CHECK_MS = 250;

  private final OpenConnections connections;
  private @Nullable ScheduledFuture<?> checks;

  /** Used by Tomcat. */
  public WorkerHttpProtocol() {
    this(new OpenConnections(TimeSource.system()));
  }

  private WorkerHttpProtocol(OpenConnections connections) {
    super(new Endpoint(connections));
    this.connections = connections;
    setContinueResponseTiming("onRead");
  }

  @Override
  protected Processor createProcessor() {
    return new UnderscoreHostProcessor(this, getAdapter());
  }

  @Override
  public void start() throws Exception {
    super.start();
    checks =
        getUtilityExecutor()
            .scheduleWithFixedDelay(connections::endOld, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
  }

  /** Called when the worker stops: shortens the lifetime of connections. */
  @Override
  public void pause() throws Exception {
    connections.stopping();
    super.pause();
  }

  @Override
  public void stop() throws Exception {
    if (checks != null) {
      checks.cancel(false);
    }
    connections.endAll();
    super.stop();
  }

  /** Registers each accepted connection. */
  private static final class Endpoint extends NioEndpoint {

    private final OpenConnections open;

    Endpoint(OpenConnections open) {
      this.open = open;
    }

    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
      open.opened(socket);
      return super.setSocketOptions(socket);
    }
  }
}
