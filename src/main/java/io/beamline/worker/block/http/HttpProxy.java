package io.beamline.worker.block.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.config.HttpBlockProperties.ProxyProperties;
import io.beamline.worker.config.HttpBlockProperties.ProxyTarget;
import io.beamline.worker.config.UnusableSettingException;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of HTTP steps (contract section 8). Immutable.
 *
 * @param address where it is
 * @param login the value of {@code Proxy-Authorization}; null for none
 * @param bypassed destinations that are reached without it
 * @param byName whether it is given names, or only addresses that the worker has checked
 */
record HttpProxy(
    HostAndPort address, @Nullable String login, List<HostPattern> bypassed, boolean byName) {

  private static final String SETTINGS = "worker.blocks.http.proxy.";
  private static final String SCHEME = "http://";

  /** The port is required: 80 is hardly ever meant. */
  private static final int NO_PORT = 0;

  /**
   * Returns the proxy of the settings, or null if there is none.
   *
   * @throws UnusableSettingException if they cannot be used; no secret is in the message
   */
  static @Nullable HttpProxy of(ProxyProperties settings) {
    if (settings.url().isEmpty()) {
      refuseAlone("username", settings.username(), settings.username());
      refuseAlone("password", settings.password(), "(hidden)");
      return null;
    }
    return new HttpProxy(
        address(settings.url()),
        login(settings.username(), settings.password()),
        HostPattern.parseAll(SETTINGS + "no-proxy", settings.noProxy()),
        settings.target() == ProxyTarget.NAME);
  }

  /** Returns whether a destination is reached without the proxy. */
  boolean isBypassed(String host, int port, InetAddress address) {
    InetAddress plain = Addresses.canonical(address);
    return bypassed.stream().anyMatch(pattern -> pattern.matches(host, port, plain));
  }

  /**
   * Returns whether the proxy itself sends the requests of a scheme. Else it only carries the bytes
   * of a connection.
   */
  boolean sendsRequests(String scheme) {
    return byName && !scheme.toLowerCase(Locale.ROOT).equals("https");
  }

  /** Returns the host and port that the proxy is to connect to. */
  String destination(String host, InetSocketAddress checked) {
    String literal = NetUtil.toAddressString(checked.getAddress());
    String wanted = byName ? host : literal;
    return authority(wanted, checked.getPort());
  }

  /** Returns no secret. */
  @Override
  public String toString() {
    return SCHEME + authority(address.host(), address.port());
  }

  private static String authority(String host, int port) {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  private static HostAndPort address(String url) {
    String rest =
        url.toLowerCase(Locale.ROOT).startsWith(SCHEME) ? url.substring(SCHEME.length()) : "";
    String authority = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    HostAndPort parts = HostAndPort.split(authority, NO_PORT);
    boolean usable =
        parts != null
            && parts.port() != NO_PORT
            && (Addresses.literal(parts.host()) != null || Hosts.ascii(parts.host()) != null);
    if (parts == null || !usable) {
      throw new UnusableSettingException(
          SETTINGS + "url",
          url.indexOf('@') < 0 ? url : "(hidden)",
          "http://host:port, without a path and a login");
    }
    String name = Hosts.ascii(parts.host());
    return new HostAndPort(name == null ? parts.host() : name, parts.port());
  }

  private static @Nullable String login(String username, String password) {
    if (username.isEmpty()) {
      refuseWithoutName(password);
      return null;
    }
    if (username.indexOf(':') >= 0 || hasControl(username)) {
      throw new UnusableSettingException(
          SETTINGS + "username", username, "one line without a colon");
    }
    if (hasControl(password)) {
      throw new UnusableSettingException(
          SETTINGS + "password", "(hidden)", "one line without control characters");
    }
    byte[] both = (username + ":" + password).getBytes(UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  private static void refuseWithoutName(String password) {
    if (!password.isEmpty()) {
      throw new UnusableSettingException(
          SETTINGS + "password", "(hidden)", "used together with " + SETTINGS + "username");
    }
  }

  private static void refuseAlone(String name, String value, String shown) {
    if (!value.isEmpty()) {
      throw new UnusableSettingException(
          SETTINGS + name, shown, "used together with " + SETTINGS + "url");
    }
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
