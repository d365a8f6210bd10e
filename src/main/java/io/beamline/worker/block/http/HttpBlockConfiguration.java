package io.beamline.worker.block.http;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.config.HttpBlockProperties;
import io.beamline.worker.config.TlsBundle;
import io.beamline.worker.config.TlsBundles;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.observability.health.StartCheck;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.timeout.TimeSource;
import io.netty.handler.ssl.SslContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Wires the {@code http.request} block. */
@Configuration(proxyBeanMethods = false)
class HttpBlockConfiguration {

  private static final Logger log = LoggerFactory.getLogger(HttpBlockConfiguration.class);

  @Bean
  DestinationRules destinationRules(
      HttpBlockProperties properties,
      Environment environment,
      @Value("${nats.spring.server:nats://127.0.0.1:4222}") String nats) {
    return new DestinationRules(
        HostPattern.parseAll("worker.blocks.http.allowed-hosts", properties.allowedHosts()),
        HostPattern.parseAll("worker.blocks.http.denied-hosts", properties.deniedHosts()),
        new OwnPorts(environment),
        HostAndPort.natsServers(nats),
        Addresses::isLocal);
  }

  @Bean
  DnsLookup httpNames() {
    return new DnsLookup();
  }

  @Bean
  HttpProxies httpProxies(HttpBlockProperties properties) {
    return new HttpProxies(HttpProxy.of(properties.proxy()));
  }

  @Bean
  @Order(4)
  StartCheck proxyCheck(HttpProxies proxies) {
    return new ProxyCheck(proxies.proxy());
  }

  @Bean
  HttpTransport httpTransport(
      DnsLookup names,
      DestinationRules rules,
      HttpBlockProperties properties,
      TlsBundles bundles,
      HttpProxies proxies,
      TimeSource time)
      throws SSLException {
    TlsBundle bundle = bundles.named(TlsBundles.HTTP, properties.sslBundle());
    if (!properties.javaAuthorities() && !hasAuthorities(bundle)) {
      throw new UnusableSettingException(
          "worker.blocks.http.java-authorities",
          "false",
          "true unless worker.blocks.http.ssl-bundle names a bundle with authorities: without any,"
              + " Java's count");
    }
    if (bundle == null) {
      return new HttpTransport(names, rules, HttpTls.standard(), proxies.proxy(), time);
    }
    boolean javaAuthorities = properties.javaAuthorities();
    HttpTransport transport =
        new HttpTransport(names, rules, tls(bundle, javaAuthorities), proxies.proxy(), time);
    bundle.onRenewal(renewed -> renew(transport, renewed, javaAuthorities));
    return transport;
  }

  private static boolean hasAuthorities(@Nullable TlsBundle bundle) {
    return bundle != null && bundle.current().getStores().getTrustStore() != null;
  }

  private static SslContext tls(TlsBundle bundle, boolean javaAuthorities) {
    try {
      return HttpTls.of(bundle.current(), javaAuthorities);
    } catch (SSLException | IllegalArgumentException e) {
      throw bundle.refused("a bundle that HTTP steps can use, with ciphers and protocols of Java");
    }
  }

  private static void renew(HttpTransport transport, SslBundle renewed, boolean javaAuthorities) {
    try {
      transport.renew(HttpTls.of(renewed, javaAuthorities));
      log.info("HTTP steps use the renewed certificates");
    } catch (SSLException | RuntimeException e) {
      log.atError()
          .setCause(e)
          .log("The renewed certificates of HTTP steps cannot be used; the old ones stay in use");
    }
  }

  @Bean
  HttpRequestBlock httpRequestBlock(
      HttpTransport transport,
      HttpBlockProperties properties,
      ResultLimit resultLimit,
      DestinationRules rules,
      HttpProxies proxies,
      ClientSpans spans,
      TimeSource time) {
    HttpExchange exchange =
        new HttpExchange(transport.client(), properties.maxResponseSize().toBytes(), resultLimit);
    return new HttpRequestBlock(exchange, rules, proxies.proxy(), spans, time);
  }

  /**
   * The proxy, if there is one: Spring has no beans that are null.
   *
   * @param proxy null for none
   */
  record HttpProxies(@Nullable HttpProxy proxy) {}
}
