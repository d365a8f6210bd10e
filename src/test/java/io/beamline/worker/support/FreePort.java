package io.beamline.worker.support;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Ports that nobody uses. */
public final class FreePort {

  private static final int LOWEST = 20_000;
  private static final int LOWEST_OF_CLIENTS = 32_768;
  private static final int ATTEMPTS = 1_000;

  /** What was given to a process that may not have bound it yet. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /**
   * A port that was free a moment ago, and that no client gets for a connection meanwhile: systems
   * give those numbers that are higher. No caller gets a port that another one got before.
   */
  public static int find() {
    return ThreadLocalRandom.current()
        .ints(ATTEMPTS, LOWEST, LOWEST_OF_CLIENTS)
        .filter(FreePort::isFree)
        .filter(GIVEN::add)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no port of this machine is free"));
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
    return isFree(wanted) ? wanted : find();
  }
}
