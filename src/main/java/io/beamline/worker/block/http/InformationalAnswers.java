package io.beamline.worker.block.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Leaves out answers such as {@code 103 Early Hints}, which only announce the real one. The client
 * knows 100 alone: it would take any other for the answer, and the real one for that of the
 * connection's next request, which may be another step's. Used by the thread of one connection.
 */
final class InformationalAnswers extends ChannelInboundHandlerAdapter {

  private static final int SWITCHING_PROTOCOLS = 101;

  private boolean leavingOut;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse answer) {
      leavingOut = announces(answer.status().code());
    }
    if (!leavingOut) {
      context.fireChannelRead(message);
      return;
    }
    leavingOut = !(message instanceof LastHttpContent);
    ReferenceCountUtil.release(message);
    if (!leavingOut) {
      context.read();
    }
  }

  private static boolean announces(int status) {
    return status > SWITCHING_PROTOCOLS && status < 200;
  }
}
