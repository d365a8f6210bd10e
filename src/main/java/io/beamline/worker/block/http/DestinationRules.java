package io.beamline.worker.block.http;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Where requests may go (contract section 4): never to link-local addresses, cloud metadata, the
 * worker's own ports and its NATS; never where it is denied; else where it is allowed. Pure, and
 * thread-safe.
 */
final class DestinationRules {

  private static final List<Destination> ALWAYS_DENIED =
      Destination.parseAll(
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

  private final List<Destination> allowed;
  private final List<Destination> denied;
  private final IntPredicate ownPorts;
  private final List<HostAndPort> natsServers;
  private final Predicate<InetAddress> local;

  /**
   * Rules.
   *
   * @param allowed the only destinations, all when empty
   * @param denied destinations refused besides those that always are
   * @param ownPorts the ports on which the worker itself listens
   * @param natsServers the worker's NATS
   * @param local which addresses are this machine's own
   */
  DestinationRules(
      List<Destination> allowed,
      List<Destination> denied,
      IntPredicate ownPorts,
      List<HostAndPort> natsServers,
      Predicate<InetAddress> local) {
    this.allowed = List.copyOf(allowed);
    this.denied = List.copyOf(denied);
    this.ownPorts = ownPorts;
    this.natsServers = List.copyOf(natsServers);
    this.local = local;
  }

  /** Whether a destination is refused whatever its address will be. */
  boolean refusesName(String host, int port) {
    boolean needsAddress =
        allowed.isEmpty() || allowed.stream().anyMatch(Destination.Addressed.class::isInstance);
    return covered(ALWAYS_DENIED, host, port)
        || covered(denied, host, port)
        || natsHosts(port).contains(host)
        || !(needsAddress || covered(allowed, host, port));
  }

  /**
   * Whether an address may be connected to.
   *
   * @param host the host's canonical name
   * @param natsAddresses the addresses of {@link #natsHosts} for this port
   */
  boolean permits(
      String host, int port, InetAddress address, Collection<InetAddress> natsAddresses) {
    InetAddress plain = Addresses.canonical(address);
    return Addresses.reachable(plain).stream()
            .noneMatch(reached -> isDenied(host, port, reached, natsAddresses))
        && (allowed.isEmpty() || covered(allowed, host, port, plain));
  }

  /** The hosts whose addresses are refused on a port: those of the worker's NATS. */
  List<String> natsHosts(int port) {
    return natsServers.stream()
        .filter(server -> server.port() == port)
        .map(HostAndPort::host)
        .toList();
  }

  private boolean isDenied(
      String host, int port, InetAddress address, Collection<InetAddress> natsAddresses) {
    return covered(ALWAYS_DENIED, host, port, address)
        || covered(denied, host, port, address)
        || isOwnPort(port, address)
        || isNats(address, natsAddresses);
  }

  private boolean isOwnPort(int port, InetAddress address) {
    return ownPorts.test(port) && local.test(address);
  }

  /** A NATS on this machine most likely listens on all of its addresses. */
  private boolean isNats(InetAddress address, Collection<InetAddress> natsAddresses) {
    return natsAddresses.stream()
        .flatMap(nats -> Addresses.reachable(Addresses.canonical(nats)).stream())
        .anyMatch(nats -> nats.equals(address) || (local.test(nats) && local.test(address)));
  }

  private static boolean covered(List<Destination> destinations, String host, int port) {
    return destinations.stream().anyMatch(destination -> destination.covers(host, port, null));
  }

  private static boolean covered(
      List<Destination> destinations, String host, int port, InetAddress address) {
    return destinations.stream().anyMatch(destination -> destination.covers(host, port, address));
  }
}
