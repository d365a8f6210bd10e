package io.beamline.worker.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Ports that nobody uses. */
public final class FreePort {

  private FreePort() {}

  /** A port of the loopback interface that was free a moment ago. */
  public static int find() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until nobody uses a port. Fails with a sentence that names it. */
  public static int await(int wanted, Duration atMost) {
    try {
      Awaitility.await()
          .atMost(atMost)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> isFree(wanted));
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException(
          "this test needs port "
              + wanted
              + " of this machine, which something else still uses after "
              + atMost.toSeconds()
              + " s",
          e);
    }
    return wanted;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** The wanted port when it is free, else any that is. */
  public static int preferring(int wanted) {
    try (ServerSocket socket = new ServerSocket(wanted)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      return find();
    }
  }
}
