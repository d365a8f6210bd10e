package io.beamline.worker.security;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The part of an address that one client cannot change: the whole of an IPv4 address, and the first
 * 64 bits of an IPv6 address, because every host has a network of that size to itself. Pure.
 */
final class ClientNetwork {

  private static final int NETWORK_BYTES = 8;

  private ClientNetwork() {}

  /**
   * Returns a key for the network that an address is in.
   *
   * @param address an address as text; anything else is its own key
   */
  static String of(String address) {
    InetAddress parsed = NetUtil.createInetAddressFromIpAddressString(address);
    return parsed instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), NETWORK_BYTES)) + "/64"
        : address;
  }
}
