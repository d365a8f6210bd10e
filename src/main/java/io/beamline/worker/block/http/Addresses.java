package io.beamline.worker.block.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses IP addresses and brings them into one form for comparison. */
final class Addresses {

  private static final int IPV6_LENGTH = 16;

  /** Prefixes of IPv6 addresses that stand for an IPv4 address: mapped, compatible, NAT64. */
  private static final byte[][] IPV4_PREFIXES = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff},
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0},
  };

  private static final byte[] IPV4_TRANSLATED = {
    0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 0, 0
  };
  private static final byte[] LOCAL_NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 1};
  private static final byte[] SIX_TO_FOUR = {0x20, 0x02};
  private static final byte[] TEREDO = {0x20, 0x01, 0, 0};

  /**
   * The bytes that hold the IPv4 address in a network's own NAT64, for prefixes of 48, 56, 64 and
   * 96 bits. Byte 8 is never used (RFC 6052).
   */
  private static final int[][] NAT64_LAYOUTS = {
    {6, 7, 9, 10}, {7, 9, 10, 11}, {9, 10, 11, 12}, {12, 13, 14, 15},
  };

  private static final List<InetAddress> LOOPBACK =
      List.of(
          of(new byte[] {127, 0, 0, 1}),
          of(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));

  private static final Pattern NUMERIC =
      Pattern.compile("(([0-9]+|0x[0-9a-f]*)(\\.|$))+", Pattern.CASE_INSENSITIVE);

  private static final Pattern LEADING_ZERO = Pattern.compile("\\b0[0-9]");

  private Addresses() {}

  /** Returns the address without name and zone, as IPv4 if it stands for an IPv4 address. */
  static InetAddress canonical(InetAddress address) {
    byte[] bytes = address.getAddress();
    return of(standsForIpv4(bytes, address) ? lastFour(bytes) : bytes);
  }

  /**
   * Returns every address that a connection to this one may reach. These are the address itself,
   * the loopback for the unspecified address, and IPv4 addresses behind a tunnel or translation
   * (6to4, Teredo, ISATAP, local NAT64, stateless translation).
   *
   * @param address in its canonical form
   */
  static List<InetAddress> reachable(InetAddress address) {
    List<InetAddress> reachable = new ArrayList<>(List.of(address));
    byte[] bytes = address.getAddress();
    if (address.isAnyLocalAddress()) {
      reachable.addAll(LOOPBACK);
    } else if (bytes.length == IPV6_LENGTH) {
      embeddedIpv4(bytes).filter(ipv4 -> ipv4[0] != 0).map(Addresses::of).forEach(reachable::add);
    }
    return reachable;
  }

  private static Stream<byte[]> embeddedIpv4(byte[] bytes) {
    if (startsWith(bytes, SIX_TO_FOUR)) {
      return Stream.of(Arrays.copyOfRange(bytes, 2, 6));
    }
    if (startsWith(bytes, TEREDO)) {
      return Stream.of(Arrays.copyOfRange(bytes, 4, 8), inverted(lastFour(bytes)));
    }
    if (startsWith(bytes, LOCAL_NAT64)) {
      return Arrays.stream(NAT64_LAYOUTS).map(layout -> select(bytes, layout));
    }
    boolean translated = startsWith(bytes, IPV4_TRANSLATED);
    return translated || isIsatap(bytes) ? Stream.of(lastFour(bytes)) : Stream.empty();
  }

  /** Whether the interface identifier is {@code [0200:]5efe} followed by an IPv4 address. */
  private static boolean isIsatap(byte[] bytes) {
    return (bytes[8] & ~0x02) == 0
        && bytes[9] == 0
        && bytes[10] == 0x5e
        && bytes[11] == (byte) 0xfe;
  }

  private static byte[] lastFour(byte[] bytes) {
    return Arrays.copyOfRange(bytes, 12, IPV6_LENGTH);
  }

  private static byte[] inverted(byte[] bytes) {
    byte[] inverted = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      inverted[i] = (byte) ~bytes[i];
    }
    return inverted;
  }

  private static byte[] select(byte[] bytes, int[] positions) {
    byte[] selected = new byte[positions.length];
    for (int i = 0; i < positions.length; i++) {
      selected[i] = bytes[positions[i]];
    }
    return selected;
  }

  /** Parses an address. Returns null if the text is neither a plain IPv4 nor an IPv6 address. */
  static @Nullable InetAddress literal(String text) {
    if (text.indexOf(':') < 0 && !isPlainIpv4(text)) {
      return null;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null ? null : canonical(of(bytes));
  }

  /**
   * Returns whether a name consists of decimal or hexadecimal numbers only, like an address.
   * Programs disagree on the meaning of such a name unless it is a {@link #isPlainIpv4 plain}
   * address.
   */
  static boolean isNumeric(String name) {
    return NUMERIC.matcher(name).matches();
  }

  /**
   * Returns whether a text is an IPv4 address that all programs read alike: four decimal numbers.
   */
  static boolean isPlainIpv4(String text) {
    return NetUtil.isValidIpV4Address(text) && !LEADING_ZERO.matcher(text).find();
  }

  /** Returns whether the address belongs to this machine; true if that cannot be determined. */
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
    return Arrays.stream(IPV4_PREFIXES).anyMatch(prefix -> startsWith(bytes, prefix));
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
