package io.beamline.worker.block.http;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Decides where requests may go (contract section 4). Link-local addresses, cloud metadata, the
 * worker's own ports and its NATS are always denied. Other destinations must be allowed and not
 * denied. Immutable, and thread-safe if {@code ownPorts} and {@code local} are.
 */
final class DestinationRules {

  private static final List<HostPattern> ALWAYS_DENIED =
      HostPattern.parseAll(
          "built-in",
          List.of(
              "169.254.0.0/16",
              "fe80::/10",
              "fd00:ec2::/32",
              "fd20:ce::254",
              "168.63.129.16",
              "192.0.0.192",
              "100.100.100.200",
              "metadata.google.internal"));

  private final List<HostPattern> allowed;
  private final List<HostPattern> denied;
  private final IntPredicate ownPorts;
  private final List<HostAndPort> natsServers;
  private final Predicate<InetAddress> local;

  /**
   * Creates the rules.
   *
   * @param allowed the only permitted destinations; all are permitted if it is empty
   * @param denied denied destinations, in addition to those that are always denied
   * @param ownPorts the ports on which the worker itself listens
   * @param natsServers the worker's NATS servers
   * @param local tests whether an address belongs to this machine
   */
  DestinationRules(
      List<HostPattern> allowed,
      List<HostPattern> denied,
      IntPredicate ownPorts,
      List<HostAndPort> natsServers,
      Predicate<InetAddress> local) {
    this.allowed = List.copyOf(allowed);
    this.denied = List.copyOf(denied);
    this.ownPorts = ownPorts;
    this.natsServers = List.copyOf(natsServers);
    this.local = local;
  }

  /** Returns whether a destination is refused before its name is resolved. */
  boolean refusesName(String host, int port) {
    boolean needsAddress =
        allowed.isEmpty() || allowed.stream().anyMatch(HostPattern.Addressed.class::isInstance);
    return anyMatches(ALWAYS_DENIED, host, port)
        || anyMatches(denied, host, port)
        || natsHosts(port).contains(host)
        || !(needsAddress || anyMatches(allowed, host, port));
  }

  /**
   * Returns whether a connection to an address is permitted.
   *
   * @param host the host's canonical name
   * @param natsAddresses the addresses of {@link #natsHosts} for this port
   */
  boolean permits(
      String host, int port, InetAddress address, Collection<InetAddress> natsAddresses) {
    InetAddress plain = Addresses.canonical(address);
    return Addresses.reachable(plain).stream()
            .noneMatch(reached -> isDenied(host, port, reached, natsAddresses))
        && (allowed.isEmpty() || anyMatches(allowed, host, port, plain));
  }

  /** Returns the hosts of the worker's NATS on a port; their addresses are refused there. */
  List<String> natsHosts(int port) {
    return natsServers.stream()
        .filter(server -> server.port() == port)
        .map(HostAndPort::host)
        .toList();
  }

  private boolean isDenied(
      String host, int port, InetAddress address, Collection<InetAddress> natsAddresses) {
    return anyMatches(ALWAYS_DENIED, host, port, address)
        || anyMatches(denied, host, port, address)
        || isOwnPort(port, address)
        || isNats(address, natsAddresses);
  }

  private boolean isOwnPort(int port, InetAddress address) {
    return ownPorts.test(port) && local.test(address);
  }

  /** A NATS server on this machine probably listens on all addresses of the machine. */
  private boolean isNats(InetAddress address, Collection<InetAddress> natsAddresses) {
    return natsAddresses.stream()
        .flatMap(nats -> Addresses.reachable(Addresses.canonical(nats)).stream())
        .anyMatch(nats -> nats.equals(address) || (local.test(nats) && local.test(address)));
  }

  private static boolean anyMatches(List<HostPattern> destinations, String host, int port) {
    return destinations.stream().anyMatch(destination -> destination.matches(host, port, null));
  }

  private static boolean anyMatches(
      List<HostPattern> destinations, String host, int port, InetAddress address) {
    return destinations.stream().anyMatch(destination -> destination.matches(host, port, address));
  }
}
