package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.block.StepFailure;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The validated URL of a request. Immutable.
 *
 * @param uri the URL in ASCII, always with a port; {@link URI#getHost} is null for some names that
 *     DNS allows
 * @param host the host in canonical form ({@link Hosts#canonical})
 * @param port the port, 1 to 65535
 */
record TargetUrl(URI uri, String host, int port) {

  private static final Pattern ABSOLUTE =
      Pattern.compile(
          "(?<scheme>https?)://(?<authority>[^/?#]*)(?<rest>.*)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern AUTHORITY =
      Pattern.compile("(?<host>\\[[^]]*]|[^:]*)(:(?<port>[0-9]{0,5}))?");

  private static final Pattern IPV6 =
      Pattern.compile("\\[(?<address>[0-9A-Fa-f:.]+)(%[0-9A-Za-z._%-]*)?]");

  private static final int MAX_PORT = 65_535;

  private static final KnownOrigins KNOWN = new KnownOrigins();

  /**
   * Parses an absolute http or https URL. Path and query stay unchanged, except that characters
   * outside ASCII are escaped as UTF-8.
   *
   * @throws StepFailure INVALID_INPUT for any other text, and for a URL with user information; the
   *     error does not contain the URL
   */
  static TargetUrl parse(String text) throws StepFailure {
    UrlOrigin known = KNOWN.find(text);
    UrlOrigin origin = known == null ? origin(text) : known;
    URI uri = uri(origin.prefix() + escaped(text.substring(origin.length())));
    return new TargetUrl(uri, origin.host(), origin.port());
  }

  private static UrlOrigin origin(String text) throws StepFailure {
    Matcher url = ABSOLUTE.matcher(text);
    if (!url.matches() || url.group("authority").isEmpty()) {
      throw invalid("The URL must be an absolute http or https URL");
    }
    if (url.group("authority").indexOf('@') >= 0) {
      throw invalid("The URL must not carry user information");
    }
    Matcher authority = AUTHORITY.matcher(url.group("authority"));
    if (!authority.matches()) {
      throw invalid("The URL cannot be parsed");
    }
    String host = host(authority.group("host"));
    String scheme = url.group("scheme").toLowerCase(Locale.ROOT);
    int port = port(authority.group("port"), scheme);
    int length = url.end("authority");
    UrlOrigin origin =
        new UrlOrigin(length, scheme + "://" + host + ":" + port, Hosts.canonical(host), port);
    KNOWN.remember(text.substring(0, length), origin);
    return origin;
  }

  /** Returns the {@code Host} header: the host, and the port unless it is the scheme's default. */
  String hostHeader() {
    String authority = uri.getRawAuthority();
    int colon = authority.lastIndexOf(':');
    return port == defaultPort(uri.getScheme()) ? authority.substring(0, colon) : authority;
  }

  /** Returns scheme, host and port, in the one form that all spellings of them have. */
  String origin() {
    InetAddress address = Addresses.literal(host);
    String plain = address == null ? host : address.getHostAddress();
    String name = plain.indexOf(':') < 0 ? plain : "[" + plain + "]";
    return uri.getScheme() + "://" + name + ":" + port;
  }

  /** Returns the host in ASCII; an IPv6 address is in brackets, without its zone. */
  private static String host(String text) throws StepFailure {
    Matcher ipv6 = IPV6.matcher(text);
    if (ipv6.matches()) {
      String address = ipv6.group("address");
      if (address.indexOf(':') >= 0 && Addresses.literal(address) != null) {
        return "[" + address + "]";
      }
    }
    String name = Hosts.ascii(text);
    if (name == null) {
      throw invalid("The host of the URL is not valid");
    }
    boolean plain = text.equals(name) && Addresses.literal(name) != null;
    if (Addresses.isNumeric(name) && !plain) {
      throw invalid("The URL writes its address in an ambiguous form");
    }
    return name;
  }

  private static int port(@Nullable String digits, String scheme) throws StepFailure {
    if (digits == null || digits.isEmpty()) {
      return defaultPort(scheme);
    }
    int port = Integer.parseInt(digits);
    if (port == 0 || port > MAX_PORT) {
      throw invalid("The port of the URL is out of range");
    }
    return port;
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  private static String escaped(String text) throws StepFailure {
    if (Hosts.isAscii(text)) {
      return text;
    }
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw invalid("The URL is not valid text");
    }
    StringBuilder escaped = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      if (b >= 0) {
        escaped.append((char) b);
      } else {
        escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return escaped.toString();
  }

  private static URI uri(String text) throws StepFailure {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw invalid("The URL cannot be parsed");
    }
  }

  private static StepFailure invalid(String message) {
    return StepFailure.of(INVALID_INPUT, message, Map.of("field", "url"));
  }
}
