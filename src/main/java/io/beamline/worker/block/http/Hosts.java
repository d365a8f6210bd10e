package io.beamline.worker.block.http;

import com.ibm.icu.text.IDNA;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validates host names and brings them into one form for comparison. Stateless. */
final class Hosts {

  /**
   * A DNS name with up to 63 characters between its dots. The underscore occurs in names of Docker
   * Compose.
   */
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");

  private static final int MAX_NAME_LENGTH = 253;

  /** As in browsers: names are mapped, and characters that only the newer IDNA allows are kept. */
  private static final IDNA INTERNATIONALIZED =
      IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);

  private Hosts() {}

  /**
   * Returns the host in lower case, without the brackets and the zone of an IPv6 address, and
   * without a name's final dot.
   */
  static String canonical(String host) {
    String text = host.toLowerCase(Locale.ROOT);
    if (text.startsWith("[") && text.endsWith("]")) {
      text = text.substring(1, text.length() - 1);
    }
    int zone = text.indexOf('%');
    if (zone >= 0) {
      text = text.substring(0, zone);
    }
    return withoutFinalDot(text);
  }

  /**
   * Returns the ASCII form of a name, with its final dot if it has one. An internationalized name
   * becomes Punycode (UTS 46). Returns null if the text is not a valid name.
   */
  static @Nullable String ascii(String name) {
    if (isAscii(name)) {
      return isName(withoutFinalDot(name.toLowerCase(Locale.ROOT))) ? name : null;
    }
    IDNA.Info info = new IDNA.Info();
    String ascii = INTERNATIONALIZED.nameToASCII(name, new StringBuilder(), info).toString();
    return !info.hasErrors() && isName(withoutFinalDot(ascii)) ? ascii : null;
  }

  /** Returns whether a text has no characters but those of ASCII. */
  static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(String text) {
    return text.length() <= MAX_NAME_LENGTH && NAME.matcher(text).matches();
  }

  private static String withoutFinalDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
