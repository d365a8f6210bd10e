package io.beamline.worker.block.http;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.config.HttpBlockProperties;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.timeout.TimeSource;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import javax.net.ssl.SSLException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

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
  DnsLookup httpNames() {
    return new DnsLookup();
  }

  @Bean
  HttpTransport httpTransport(DnsLookup names, DestinationRules rules, TimeSource time)
      throws SSLException {
    SslContext tls = SslContextBuilder.forClient().build();
    return new HttpTransport(names, rules, tls, time);
  }

  @Bean
  HttpRequestBlock httpRequestBlock(
      HttpTransport transport,
      HttpBlockProperties properties,
      ResultLimit resultLimit,
      DestinationRules rules,
      ClientSpans spans,
      TimeSource time) {
    HttpExchange exchange =
        new HttpExchange(transport.client(), properties.maxResponseSize().toBytes(), resultLimit);
    return new HttpRequestBlock(exchange, rules, spans, time);
  }
}
