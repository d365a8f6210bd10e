package io.beamline.worker.block.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host and a port. Immutable.
 *
 * @param host a name, address or network, without brackets
 * @param port 0 to 65535
 */
record HostAndPort(String host, int port) {

  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}");
  private static final int MAX_PORT = 65_535;
  private static final int NATS_PORT = 4222;

  /**
   * Splits {@code host}, {@code host:port}, {@code [ipv6]}, {@code [ipv6]:port} or an IPv6 address
   * without brackets. Returns null if the text is none of these.
   *
   * @param whenAbsent the port if the text has none
   */
  static @Nullable HostAndPort split(String text, int whenAbsent) {
    int bracket = text.indexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      return of(text.substring(1, bracket), text.substring(bracket + 1), whenAbsent);
    }
    int colon = text.indexOf(':');
    if (colon < 0 || colon != text.lastIndexOf(':')) {
      return of(text, "", whenAbsent);
    }
    return of(text.substring(0, colon), text.substring(colon), whenAbsent);
  }

  /** Parses the servers of a NATS setting: URLs or host:port, separated by commas. */
  static List<HostAndPort> natsServers(String setting) {
    List<HostAndPort> servers = new ArrayList<>();
    for (String url : setting.toLowerCase(Locale.ROOT).split(",", -1)) {
      HostAndPort server = split(authority(url.strip()), NATS_PORT);
      if (server != null && !server.host().isEmpty()) {
        servers.add(new HostAndPort(Hosts.canonical(server.host()), server.port()));
      }
    }
    return servers;
  }

  private static String authority(String url) {
    int scheme = url.indexOf("://");
    String rest = scheme < 0 ? url : url.substring(scheme + 3);
    int path = rest.indexOf('/');
    String authority = path < 0 ? rest : rest.substring(0, path);
    return authority.substring(authority.lastIndexOf('@') + 1);
  }

  private static @Nullable HostAndPort of(String host, String colonPort, int whenAbsent) {
    if (colonPort.isEmpty()) {
      return new HostAndPort(host, whenAbsent);
    }
    if (!PORT.matcher(colonPort).matches()) {
      return null;
    }
    int port = Integer.parseInt(colonPort.substring(1));
    return port > 0 && port <= MAX_PORT ? new HostAndPort(host, port) : null;
  }
}
