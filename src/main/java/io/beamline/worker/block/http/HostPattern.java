package io.beamline.worker.block.http;

import io.beamline.worker.config.UnusableSettingException;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code allowed-hosts} or {@code denied-hosts}, or the hosts of an override. It is a
 * host name, {@code *.example.org}, {@code *}, an address or a network, and may end with {@code
 * :port} to match that port only. An IPv6 address before a port is in brackets. Immutable.
 */
sealed interface HostPattern {

  /** Matches every port. */
  int ANY_PORT = 0;

  /** Returns the only port that matches, or {@link #ANY_PORT}. */
  int port();

  /**
   * Returns whether the entry matches a destination, whatever its port.
   *
   * @param host the canonical name
   * @param address the canonical address, or null if it is not resolved yet
   */
  boolean matches(String host, @Nullable InetAddress address);

  /** Returns whether the entry matches a destination with its port. */
  default boolean matches(String host, int port, @Nullable InetAddress address) {
    return (port() == ANY_PORT || port() == port) && matches(host, address);
  }

  /** Matches the host of this name or, with {@code bySuffix}, all whose name ends with it. */
  record Named(String name, boolean bySuffix, int port) implements HostPattern {
    @Override
    public boolean matches(String host, @Nullable InetAddress address) {
      return bySuffix ? host.endsWith(name) : host.equals(name);
    }
  }

  /** Matches hosts by address. */
  record Addressed(Network network, int port) implements HostPattern {
    @Override
    public boolean matches(String host, @Nullable InetAddress address) {
      return address != null && network.contains(address);
    }
  }

  /**
   * Parses a setting.
   *
   * @param property the setting's name, for the message
   * @throws UnusableSettingException if a text is not a valid entry
   */
  static List<HostPattern> parseAll(String property, List<String> texts) {
    return texts.stream().map(text -> parse(property, text)).toList();
  }

  /** Parses an entry. Returns null if the text is none. */
  static @Nullable HostPattern parse(String text) {
    HostAndPort parts = HostAndPort.split(text.strip(), ANY_PORT);
    return parts == null ? null : of(parts);
  }

  private static HostPattern parse(String property, String text) {
    HostPattern pattern = parse(text);
    if (pattern == null) {
      throw new UnusableSettingException(
          property, text, "a host name, *.domain, address or network, each with or without :port");
    }
    return pattern;
  }

  private static @Nullable HostPattern of(HostAndPort parts) {
    Network network = Network.parse(parts.host());
    if (network != null) {
      return new Addressed(network, parts.port());
    }
    boolean bySuffix = parts.host().startsWith("*");
    if (parts.host().equals("*")) {
      return new Named("", true, parts.port());
    }
    boolean hasDot = parts.host().startsWith("*.");
    String name = Hosts.ascii(parts.host().substring(hasDot ? 2 : bySuffix ? 1 : 0));
    if (name == null || (!bySuffix && Addresses.isNumeric(name))) {
      return null;
    }
    return new Named((hasDot ? "." : "") + Hosts.canonical(name), bySuffix, parts.port());
  }
}
