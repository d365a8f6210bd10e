package io.beamline.worker.block.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IP addresses in the one form in which they are compared. */
final class Addresses {

  private static final int IPV6_LENGTH = 16;

  /** What an IPv6 address that stands for an IPv4 one begins with: mapped, compatible, NAT64. */
  private static final byte[][] IPV4_PREFIXES = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff},
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0},
  };

  /** What an IPv6 address begins with that a router may turn into an IPv4 one at its end. */
  private static final byte[][] TRANSLATED_PREFIXES = {
    {0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 0, 0},
    {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 1},
  };

  private static final byte[] TUNNEL_PREFIX = {0x20, 0x02};

  private Addresses() {}

  /** The address without name and zone, as IPv4 when it stands for an IPv4 address. */
  static InetAddress canonical(InetAddress address) {
    byte[] bytes = address.getAddress();
    return of(standsForIpv4(bytes, address) ? Arrays.copyOfRange(bytes, 12, IPV6_LENGTH) : bytes);
  }

  /**
   * The addresses at which a connection to this one may end: itself, and the IPv4 address to which
   * a network would take it (6to4, the networks' own NAT64, stateless translation).
   *
   * @param address in its canonical form
   */
  static List<InetAddress> ends(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == IPV6_LENGTH && startsWith(bytes, TUNNEL_PREFIX)) {
      return List.of(address, of(Arrays.copyOfRange(bytes, 2, 6)));
    }
    if (bytes.length == IPV6_LENGTH && startsWithAny(bytes, TRANSLATED_PREFIXES)) {
      return List.of(address, of(Arrays.copyOfRange(bytes, 12, IPV6_LENGTH)));
    }
    return List.of(address);
  }

  /** The address that a text writes, null when it is no dotted IPv4 or IPv6 address. */
  static @Nullable InetAddress literal(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null ? null : canonical(of(bytes));
  }

  /**
   * Whether a host writes an address in a form that programs read differently: one number, too few
   * or too many of them, octal or hexadecimal.
   */
  static boolean isOddLiteral(String host) {
    String last = host.substring(host.lastIndexOf('.') + 1);
    boolean number = !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
    return (number || last.startsWith("0x")) && literal(host) == null;
  }

  /** Whether the address is this machine's own; true when that cannot be found out. */
  static boolean isLocal(InetAddress address) {
    if (address.isAnyLocalAddress() || address.isLoopbackAddress()) {
      return true;
    }
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true;
    }
  }

  private static boolean standsForIpv4(byte[] bytes, InetAddress address) {
    if (bytes.length != IPV6_LENGTH || address.isAnyLocalAddress() || address.isLoopbackAddress()) {
      return false;
    }
    return startsWithAny(bytes, IPV4_PREFIXES);
  }

  private static boolean startsWithAny(byte[] bytes, byte[][] prefixes) {
    return Arrays.stream(prefixes).anyMatch(prefix -> startsWith(bytes, prefix));
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("Neither an IPv4 nor an IPv6 address", e);
    }
  }
}
