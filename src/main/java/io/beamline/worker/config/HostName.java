package io.beamline.worker.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the host's name. */
final class HostName {

  private HostName() {}

  static String get() {
    String fromEnvironment = System.getenv("HOSTNAME");
    if (fromEnvironment != null && !fromEnvironment.isBlank()) {
      return fromEnvironment;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "worker";
    }
  }
}
