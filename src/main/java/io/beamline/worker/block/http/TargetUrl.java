package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;

import io.beamline.worker.block.StepFailure;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

/**
 * Where a request goes. Immutable.
 *
 * @param uri the URL, in ASCII
 * @param host its host in lower case, without the brackets of an IPv6 address or a final dot
 * @param port its port, 1 to 65535
 */
record TargetUrl(URI uri, String host, int port) {

  private static final int MAX_PORT = 65_535;

  /**
   * Reads an absolute http or https URL.
   *
   * @throws StepFailure INVALID_INPUT for anything else, and for one with user information; the URL
   *     itself stays out of it
   */
  static TargetUrl parse(String text) throws StepFailure {
    URI uri = uri(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https");
    if (uri.getRawAuthority() != null && uri.getRawAuthority().indexOf('@') >= 0) {
      throw invalid("The URL must not carry user information");
    }
    if ((!secure && !scheme.equals("http")) || uri.getHost() == null) {
      throw invalid("The URL must be an absolute http or https URL");
    }
    int port = uri.getPort() < 0 ? (secure ? 443 : 80) : uri.getPort();
    if (port == 0 || port > MAX_PORT) {
      throw invalid("The port of the URL is out of range");
    }
    String host = Hosts.canonical(uri.getHost());
    if (Addresses.isOddLiteral(host)) {
      throw invalid("The URL writes its address in an ambiguous form");
    }
    return new TargetUrl(uri, host, port);
  }

  private static URI uri(String text) throws StepFailure {
    try {
      return new URI(new URI(text).toASCIIString());
    } catch (URISyntaxException e) {
      throw invalid("The URL cannot be parsed");
    }
  }

  private static StepFailure invalid(String message) {
    return StepFailure.of(INVALID_INPUT, message, Map.of("field", "url"));
  }
}
