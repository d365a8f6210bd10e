package io.beamline.worker.security;

import io.beamline.worker.timeout.TimeSource;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioEndpoint;

/**
 * HTTP/1.1 on one port. Adds to Tomcat's protocol limits of connections ({@link OpenConnections})
 * and host names with underscores. Public because Tomcat creates it by its name.
 */
public final class WorkerHttpProtocol extends Http11NioProtocol {

  private static final int CHECK_MS = 250;

  private final OpenConnections connections;

  /** Used by Tomcat. */
  public WorkerHttpProtocol() {
    this(new OpenConnections(TimeSource.system()));
  }

  private WorkerHttpProtocol(OpenConnections connections) {
    this(connections, new Endpoint(connections));
  }

  private WorkerHttpProtocol(OpenConnections connections, Endpoint endpoint) {
    super(endpoint);
    this.connections = connections;
    endpoint.firstOpened = this::checkSoon;
    setContinueResponseTiming("onRead");
  }

  @Override
  protected Processor createProcessor() {
    return new UnderscoreHostProcessor(this, getAdapter());
  }

  /** From the first asynchronous request on, Tomcat ends those that take too long. */
  @Override
  public void addWaitingProcessor(Processor processor) {
    super.addWaitingProcessor(processor);
    startAsyncTimeout();
  }

  /** Without this, each port would look for such requests once a second from its start. */
  @Override
  protected synchronized void startAsyncTimeout() {
    if (getWaitingProcessorCount() > 0) {
      super.startAsyncTimeout();
    }
  }

  /** Checks while there are connections only: an idle worker should sleep. */
  private void checkSoon() {
    try {
      Future<?> unused =
          getUtilityExecutor().schedule(this::check, CHECK_MS, TimeUnit.MILLISECONDS);
    } catch (RuntimeException | Error e) {
      // Tomcat has stopped, and has ended all connections; or memory is short, and the next
      // connection tries again.
      connections.watchEnded();
    }
  }

  private void check() {
    boolean again = true;
    try {
      again = connections.endOld();
    } finally {
      if (again) {
        checkSoon();
      }
    }
  }

  /** Called when the worker stops: shortens the lifetime of connections. */
  @Override
  public void pause() throws Exception {
    connections.stopping();
    super.pause();
  }

  @Override
  public void stop() throws Exception {
    connections.endAll();
    super.stop();
  }

  /** Registers each accepted connection. */
  private static final class Endpoint extends NioEndpoint {

    private final OpenConnections open;

    /** Set before the first connection. */
    private volatile Runnable firstOpened = () -> {};

    Endpoint(OpenConnections open) {
      this.open = open;
    }

    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
      if (open.opened(socket)) {
        firstOpened.run();
      }
      return super.setSocketOptions(socket);
    }
  }
}
