package io.beamline.worker.block.http;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.tcp.SslProvider;
import reactor.netty.transport.AddressUtils;

/**
 * Connects to the host and port in the authority of a URL. The client alone would use {@link
 * URI#getHost}, which is null for some names that DNS allows, such as those with an underscore.
 * Thread-safe.
 */
final class AuthorityConnector implements ClientHttpConnector {

  private final HttpClient plain;
  private volatile HttpClient secure;

  /**
   * Creates a connector.
   *
   * @param client the client for {@code http}
   * @param tls the TLS settings for {@code https}
   */
  AuthorityConnector(HttpClient client, SslProvider tls) {
    this.plain = client;
    this.secure = client.secure(tls);
  }

  /** Uses other TLS settings from now on. Connections that are open stay with theirs. */
  void renew(SslProvider tls) {
    secure = plain.secure(tls);
  }

  @Override
  public Mono<ClientHttpResponse> connect(
      HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
    boolean tls = uri.getScheme().toLowerCase(Locale.ROOT).equals("https");
    HostAndPort authority =
        Objects.requireNonNull(HostAndPort.split(uri.getRawAuthority(), tls ? 443 : 80));
    InetSocketAddress remote = AddressUtils.createUnresolved(authority.host(), authority.port());
    HttpClient client = (tls ? secure : plain).remoteAddress(() -> remote);
    return new ReactorClientHttpConnector(client)
        .connect(method, URI.create(pathAndQuery(uri)), requestCallback);
  }

  private static String pathAndQuery(URI uri) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }
}
