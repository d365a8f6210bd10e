package io.beamline.worker.block.http;

import com.ibm.icu.text.IDNA;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Host names: which are legal, and the one form in which they are compared. Pure. */
final class Hosts {

  /** A name of DNS with up to 63 characters between its dots; Compose also uses the underscore. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");

  private static final int LONGEST_NAME = 253;

  /** As browsers do it: mapped, and characters that are only in the newer IDNA are kept. */
  private static final IDNA INTERNATIONALIZED =
      IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);

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
    return withoutFinalDot(text);
  }

  /**
   * The ASCII form of a name, with its final dot if it has one: an internationalized name in
   * Punycode (UTS 46), any other unchanged. Null when it cannot be a name.
   */
  static @Nullable String ascii(String name) {
    if (name.chars().allMatch(c -> c < 0x80)) {
      return isName(withoutFinalDot(name.toLowerCase(Locale.ROOT))) ? name : null;
    }
    IDNA.Info info = new IDNA.Info();
    String ascii = INTERNATIONALIZED.nameToASCII(name, new StringBuilder(), info).toString();
    return !info.hasErrors() && isName(withoutFinalDot(ascii)) ? ascii : null;
  }

  private static boolean isName(String text) {
    return text.length() <= LONGEST_NAME && NAME.matcher(text).matches();
  }

  private static String withoutFinalDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
