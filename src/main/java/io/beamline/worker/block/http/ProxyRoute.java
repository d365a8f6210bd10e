package io.beamline.worker.block.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Leads a new connection through the proxy. The client resolves the destination as it does without
 * a proxy, so the rules for destinations have permitted the address before it gets here. The
 * address of the proxy itself is the operator's, and no rule is for it. Only the thread of the
 * connection uses it.
 */
final class ProxyRoute extends ChannelOutboundHandlerAdapter {

  /** Its name in the pipeline. */
  static final String NAME = "beamline.proxyRoute";

  private final HttpProxy proxy;
  private final NameLookup names;
  private final String host;
  private final boolean secure;

  /**
   * Creates the route of one connection.
   *
   * @param host the host of the URL
   * @param secure whether the requests are encrypted
   */
  ProxyRoute(HttpProxy proxy, NameLookup names, String host, boolean secure) {
    this.proxy = proxy;
    this.names = names;
    this.host = host;
    this.secure = secure;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the promise is that future
  public void connect(
      ChannelHandlerContext context,
      SocketAddress remote,
      SocketAddress local,
      ChannelPromise promise) {
    InetSocketAddress checked = (InetSocketAddress) remote;
    String canonical = Hosts.canonical(host);
    if (proxy.isBypassed(canonical, checked.getPort(), checked.getAddress())) {
      context.connect(remote, local, promise);
      return;
    }
    var unused =
        names
            .lookup(proxy.address().host(), context.executor())
            .whenCompleteAsync(
                (found, failure) -> connect(context, checked, found, promise), context.executor());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the promise is that future
  private void connect(
      ChannelHandlerContext context,
      InetSocketAddress checked,
      @Nullable List<InetAddress> found,
      ChannelPromise promise) {
    if (found == null || !context.channel().isOpen()) {
      promise.tryFailure(ProxyFailedException.unreachable());
      return;
    }
    enter(context.pipeline(), checked);
    ChannelPromise connected = context.newPromise();
    connected.addListener(
        result -> {
          if (result.isSuccess()) {
            promise.trySuccess();
          } else {
            promise.tryFailure(ProxyFailedException.unreachable());
          }
        });
    context.connect(
        new InetSocketAddress(found.getFirst(), proxy.address().port()), null, connected);
  }

  private void enter(ChannelPipeline pipeline, InetSocketAddress checked) {
    if (proxy.sendsRequests(secure ? "https" : "http")) {
      pipeline.addAfter(NettyPipeline.HttpCodec, null, new AbsoluteRequests(proxy.login()));
    } else {
      pipeline.addAfter(
          NAME, null, new ProxyTunnel(proxy.destination(host, checked), proxy.login()));
    }
  }
}
