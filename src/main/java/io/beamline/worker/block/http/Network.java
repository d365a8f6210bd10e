package io.beamline.worker.block.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A network of addresses, such as {@code 10.0.0.0/8}; a single address is one too. Immutable. */
final class Network {

  private final byte[] prefix;
  private final int bits;

  private Network(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /**
   * The network that a text writes, null when it writes none. IPv6 addresses that stand for IPv4
   * ones are compared as these, so that no network of them can be meant.
   */
  static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = Addresses.literal(slash < 0 ? text : text.substring(0, slash));
    boolean ambiguous = slash >= 0 && text.indexOf(':') >= 0 && address instanceof Inet4Address;
    if (address == null || ambiguous) {
      return null;
    }
    byte[] bytes = address.getAddress();
    int most = bytes.length * Byte.SIZE;
    int bits = slash < 0 ? most : length(text.substring(slash + 1));
    return bits < 0 || bits > most ? null : new Network(bytes, bits);
  }

  /** Whether an address, in its canonical form, lies in this network. */
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
