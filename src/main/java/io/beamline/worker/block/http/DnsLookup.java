package io.beamline.worker.block.http;

import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Resolves names with the hosts file and DNS servers of the machine. Thread-safe. */
final class DnsLookup implements NameLookup, AutoCloseable {

  private final DnsAddressResolverGroup resolvers;

  /** Creates a lookup that uses the DNS servers of the machine. */
  DnsLookup() {
    this(DnsServerAddressStreamProviders.platformDefault());
  }

  DnsLookup(DnsServerAddressStreamProvider servers) {
    resolvers =
        new DnsAddressResolverGroup(
            new DnsNameResolverBuilder()
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .nameServerProvider(servers));
  }

  @Override
  public CompletableFuture<List<InetAddress>> lookup(String host, EventExecutor loop) {
    CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
    resolvers
        .getResolver(loop)
        .resolveAll(InetSocketAddress.createUnresolved(host, 0))
        .addListener((Future<List<InetSocketAddress>> found) -> complete(result, found));
    return result;
  }

  @Override
  public void close() {
    resolvers.close();
  }

  private static void complete(
      CompletableFuture<List<InetAddress>> result, Future<List<InetSocketAddress>> found) {
    if (found.isSuccess()) {
      result.complete(found.getNow().stream().map(InetSocketAddress::getAddress).toList());
    } else {
      result.completeExceptionally(found.cause());
    }
  }
}
