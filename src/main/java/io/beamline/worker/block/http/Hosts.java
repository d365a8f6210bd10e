package io.beamline.worker.block.http;

import java.util.Locale;

/** Host names in the one form in which they are compared. Pure. */
final class Hosts {

  private Hosts() {}

  /** In lower case, without the brackets of an IPv6 address, its zone, or a name's final dot. */
  static String canonical(String host) {
    String text = host.toLowerCase(Locale.ROOT);
    if (text.startsWith("[") && text.endsWith("]")) {
      text = text.substring(1, text.length() - 1);
    }
    int zone = text.indexOf('%');
    if (zone >= 0) {
      text = text.substring(0, zone);
    }
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
