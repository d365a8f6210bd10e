package io.beamline.worker.connection;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The host names and IP addresses of the servers. A server's certificate must have at least one of
 * them among its subject alternative names. The common name does not count. Immutable.
 *
 * @param hosts names or addresses, without brackets
 */
record ServerNames(List<String> hosts) {

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  ServerNames {
    hosts = hosts.stream().map(ServerNames::canonical).distinct().toList();
  }

  /**
   * Checks that a certificate is for one of the names.
   *
   * @throws CertificateException when it is for none of them; the message lists them
   */
  void check(X509Certificate certificate) throws CertificateException {
    for (List<?> name : alternativeNames(certificate)) {
      if (hosts.stream().anyMatch(host -> covers(name, host))) {
        return;
      }
    }
    throw new CertificateException("the server's certificate is for none of " + hosts);
  }

  private static Collection<List<?>> alternativeNames(X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null ? List.of() : names;
  }

  private static boolean covers(List<?> name, String host) {
    String text = canonical(String.valueOf(name.get(1)));
    return switch ((Integer) name.get(0)) {
      case DNS_NAME ->
          text.equals(host) || (text.startsWith("*.") && text.equals(wildcardFor(host)));
      case IP_ADDRESS -> text.equals(host);
      default -> false;
    };
  }

  /**
   * Returns the wildcard name that covers a host, or null for an IP address or a name of one label.
   * A wildcard stands for exactly one label.
   */
  private static @Nullable String wildcardFor(String host) {
    int dot = host.indexOf('.');
    return dot < 1 || NetUtil.createInetAddressFromIpAddressString(host) != null
        ? null
        : "*" + host.substring(dot);
  }

  private static String canonical(String host) {
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
    if (address != null) {
      return address.getHostAddress();
    }
    String text = host.toLowerCase(Locale.ROOT);
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
