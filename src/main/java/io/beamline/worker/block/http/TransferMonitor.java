package io.beamline.worker.block.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.PromiseNotifier;
import reactor.netty.ReactorNetty;
import reactor.util.context.ContextView;

/**
 * Records in the {@link RequestProgress} of a connection when bytes are sent or received. It is the
 * first handler of the connection, so it sees bytes that the network has accepted, not those in a
 * buffer. Only the thread of the connection uses it.
 */
final class TransferMonitor extends ChannelDuplexHandler
    implements ChannelProgressiveFutureListener {

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    bytesMoved(context.channel());
    context.fireChannelRead(message);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the promise is that future
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    ChannelProgressivePromise progress = context.newProgressivePromise();
    PromiseNotifier.cascade(progress.addListener(this), promise.unvoid());
    context.write(message, progress);
  }

  @Override
  public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
    bytesMoved(future.channel());
  }

  @Override
  public void operationComplete(ChannelProgressiveFuture future) {
    if (future.isSuccess()) {
      bytesMoved(future.channel());
    }
  }

  private static void bytesMoved(Channel channel) {
    ContextView context = ReactorNetty.getChannelContext(channel);
    if (context != null) {
      context
          .<RequestProgress>getOrEmpty(RequestProgress.class)
          .ifPresent(RequestProgress::bytesMoved);
    }
  }
}
