package io.beamline.worker.block.http;

import io.beamline.worker.config.UnusableSettingException;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some destinations, as {@code allowed-hosts} and {@code denied-hosts} name them: a host name,
 * {@code *.example.org}, {@code *}, an address or a network, each with {@code :port} if only that
 * port is meant; an IPv6 address before a port stands in brackets. Immutable.
 */
sealed interface Destination {

  /** The port that stands for every port. */
  int ANY_PORT = 0;

  /** Only this port, or {@link #ANY_PORT}. */
  int port();

  /**
   * Whether a destination is one of these.
   *
   * @param host its canonical name
   * @param address its canonical address, null while it is not known
   */
  boolean covers(String host, @Nullable InetAddress address);

  /** Whether a destination is one of these, its port considered. */
  default boolean covers(String host, int port, @Nullable InetAddress address) {
    return (port() == ANY_PORT || port() == port) && covers(host, address);
  }

  /** Hosts by their name; with {@code anyBefore} those that end with it. */
  record Named(String name, boolean anyBefore, int port) implements Destination {
    @Override
    public boolean covers(String host, @Nullable InetAddress address) {
      return anyBefore ? host.endsWith(name) : host.equals(name);
    }
  }

  /** Hosts by their address. */
  record Addressed(Network network, int port) implements Destination {
    @Override
    public boolean covers(String host, @Nullable InetAddress address) {
      return address != null && network.contains(address);
    }
  }

  /**
   * Reads a setting.
   *
   * @param property the setting's name, for the message
   * @throws UnusableSettingException when a text names no destination
   */
  static List<Destination> parseAll(String property, List<String> texts) {
    return texts.stream().map(text -> parse(property, text)).toList();
  }

  private static Destination parse(String property, String text) {
    HostAndPort parts = HostAndPort.split(text.strip(), ANY_PORT);
    Destination destination = parts == null ? null : of(parts);
    if (destination == null) {
      throw new UnusableSettingException(
          property, text, "a host name, *.domain, address or network, each with or without :port");
    }
    return destination;
  }

  private static @Nullable Destination of(HostAndPort parts) {
    Network network = Network.parse(parts.host());
    if (network != null) {
      return new Addressed(network, parts.port());
    }
    boolean anyBefore = parts.host().startsWith("*");
    if (parts.host().equals("*")) {
      return new Named("", true, parts.port());
    }
    boolean dot = parts.host().startsWith("*.");
    String name = Hosts.ascii(parts.host().substring(dot ? 2 : anyBefore ? 1 : 0));
    if (name == null || (!anyBefore && Addresses.isNumeric(name))) {
      return null;
    }
    return new Named((dot ? "." : "") + Hosts.canonical(name), anyBefore, parts.port());
  }
}
