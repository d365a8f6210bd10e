package io.beamline.worker.config;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The allowed destinations of HTTP requests, and the size of responses (contract section 4). A
 * destination is a host name ({@code api.example.org}, {@code *.example.org}), an address, or a
 * network ({@code 10.0.0.0/8}), each with {@code :port} if only that port is meant.
 *
 * @param maxResponseSize the largest response body, 1 B to 1 GB
 * @param allowedHosts the only allowed destinations; all if empty
 * @param deniedHosts destinations refused besides link-local addresses, cloud metadata, the
 *     worker's own ports and its NATS
 * @param sslBundle the SSL bundle with authorities of your own and the worker's certificate; empty
 *     for Java's authorities and no certificate
 * @param javaAuthorities whether Java's authorities are trusted besides those of the bundle
 * @param proxy the proxy of HTTP steps
 */
@ConfigurationProperties("worker.blocks.http")
public record HttpBlockProperties(
    @DefaultValue("10MB") @SizeRange(min = "1B", max = "1GB") DataSize maxResponseSize,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue List<String> deniedHosts,
    @DefaultValue("") String sslBundle,
    @DefaultValue("true") boolean javaAuthorities,
    @DefaultValue ProxyProperties proxy) {

  /**
   * The proxy of HTTP steps.
   *
   * @param url {@code http://host:port}; empty for none
   * @param username the login; empty for none
   * @param password the password of the login
   * @param noProxy destinations that are reached without the proxy, written as those above
   * @param target what the proxy is told about a destination
   */
  public record ProxyProperties(
      @DefaultValue("") String url,
      @DefaultValue("") String username,
      @DefaultValue("") String password,
      @DefaultValue List<String> noProxy,
      @DefaultValue("address") ProxyTarget target) {

    /** Returns no password, and no URL, which may hold one. */
    @Override
    public String toString() {
      return "ProxyProperties[username=" + username + "]";
    }
  }

  /** What the proxy is told about a destination. */
  public enum ProxyTarget {
    /** The address that the worker has checked. */
    ADDRESS,
    /** The name, which the proxy looks up by itself. */
    NAME
  }
}
