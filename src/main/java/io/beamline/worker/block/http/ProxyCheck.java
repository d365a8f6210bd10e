package io.beamline.worker.block.http;

import io.beamline.worker.observability.health.StartCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks whether the proxy of HTTP steps accepts connections. Used by one thread. */
final class ProxyCheck implements StartCheck {

  private static final int PATIENCE_MILLIS = 5_000;

  private final @Nullable HttpProxy proxy;

  /** Creates a check of a proxy; null for none, of which nothing is said. */
  ProxyCheck(@Nullable HttpProxy proxy) {
    this.proxy = proxy;
  }

  @Override
  public List<StartFinding> look() {
    return proxy == null ? List.of() : List.of(finding(proxy));
  }

  private static StartFinding finding(HttpProxy proxy) {
    String subject = "proxy " + proxy;
    HostAndPort address = proxy.address();
    InetSocketAddress found = new InetSocketAddress(address.host(), address.port());
    if (found.isUnresolved()) {
      return StartFinding.fault(subject, "its name is unknown");
    }
    try (Socket socket = new Socket()) {
      socket.connect(found, PATIENCE_MILLIS);
      return StartFinding.ok(
          subject, "accepts connections; whether it takes the login shows a step");
    } catch (IOException e) {
      return StartFinding.fault(subject, "accepts no connection within 5 s");
    }
  }
}
