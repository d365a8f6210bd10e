package io.beamline.worker.block.http;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.config.HttpBlockProperties;
import io.beamline.worker.config.TlsBundles;
import io.beamline.worker.observability.health.StartCheck;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.timeout.TimeSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/** Wires the {@code http.request} block. */
@Configuration(proxyBeanMethods = false)
class HttpBlockConfiguration {

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
  @Lazy
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

  /**
   * Creates the client. It takes a tenth of the classes of a worker, so the first request makes it;
   * or the start, if certificates are set, which may be wrong.
   */
  @Bean
  @Lazy
  HttpTransport httpTransport(
      DnsLookup names,
      DestinationRules rules,
      HttpBlockProperties properties,
      TlsBundles bundles,
      HttpProxies proxies,
      TimeSource time) {
    return HttpTransports.create(names, rules, properties, bundles, proxies.proxy(), time);
  }

  @Bean
  SmartInitializingSingleton httpCertificates(
      HttpBlockProperties properties, ObjectProvider<HttpTransport> transport) {
    boolean set = !properties.sslBundle().isEmpty() || !properties.javaAuthorities();
    return set ? transport::getObject : () -> {};
  }

  @Bean
  HttpRequestBlock httpRequestBlock(
      ObjectProvider<HttpTransport> transport,
      HttpBlockProperties properties,
      ResultLimit resultLimit,
      DestinationRules rules,
      HttpProxies proxies,
      ClientSpans spans,
      TimeSource time) {
    long maxBytes = properties.maxResponseSize().toBytes();
    Supplier<HttpExchange> exchanges =
        SingletonSupplier.of(
            () -> new HttpExchange(transport.getObject().client(), maxBytes, resultLimit));
    return new HttpRequestBlock(exchanges, rules, proxies.proxy(), spans, time);
  }

  /**
   * The proxy, if there is one: Spring has no beans that are null.
   *
   * @param proxy null for none
   */
  record HttpProxies(@Nullable HttpProxy proxy) {}
}
