package io.beamline.worker.block.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A range of addresses, such as {@code 10.0.0.0/8}, or a single address. Immutable. */
final class Network {

  private final byte[] prefix;
  private final int bits;

  private Network(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /**
   * Parses a network. Returns null if the text is not one. An IPv6 address that stands for an IPv4
   * address cannot have a prefix length, because it is compared as IPv4.
   */
  static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = Addresses.literal(slash < 0 ? text : text.substring(0, slash));
    boolean ambiguous = slash >= 0 && text.indexOf(':') >= 0 && address instanceof Inet4Address;
    if (address == null || ambiguous) {
      return null;
    }
    byte[] bytes = address.getAddress();
    int maxBits = bytes.length * Byte.SIZE;
    int bits = slash < 0 ? maxBits : length(text.substring(slash + 1));
    return bits < 0 || bits > maxBits ? null : new Network(bytes, bits);
  }

  /** Returns whether an address in canonical form is in this network. */
  boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != prefix.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % Byte.SIZE);
      if (((bytes[bit / Byte.SIZE] ^ prefix[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int length(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
