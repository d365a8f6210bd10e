package io.beamline.worker.block.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests as a proxy wants them that sends them itself: with the whole URL, and the login.
 * Only the thread of the connection uses it.
 */
final class AbsoluteRequests extends ChannelOutboundHandlerAdapter {

  private final @Nullable String login;

  /** Creates it with the value of {@code Proxy-Authorization}; null for none. */
  AbsoluteRequests(@Nullable String login) {
    this.login = login;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the promise is that future
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpRequest request && request.uri().startsWith("/")) {
      request.setUri("http://" + request.headers().get(HttpHeaderNames.HOST) + request.uri());
      if (login != null) {
        request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, login);
      }
    }
    context.write(message, promise);
  }
}
