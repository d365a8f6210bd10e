package io.beamline.worker.block.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.CharBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy to connect to a destination ({@code CONNECT}), and lets the connection begin when it
 * has: only then do the handlers behind learn that it is open. The caller's timeouts bound the
 * wait. Only the thread of the connection uses it.
 */
final class ProxyTunnel extends ChannelInboundHandlerAdapter {

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: |\r|$)");
  private static final String END = "\r\n\r\n";

  /** More than proxies answer, also with a page in the same packet. */
  private static final int MAX_ANSWER_BYTES = 64 * 1024;

  private static final int MAX_ANSWERS = 16;

  private final String destination;
  private final @Nullable String login;
  private final StringBuilder answer = new StringBuilder();
  private int answers;
  private boolean failed;

  /**
   * Creates a tunnel.
   *
   * @param destination host and port
   * @param login the value of {@code Proxy-Authorization}; null for none
   */
  ProxyTunnel(String destination, @Nullable String login) {
    this.destination = destination;
    this.login = login;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection
  public void channelActive(ChannelHandlerContext context) {
    String request =
        "CONNECT %s HTTP/1.1\r\nHost: %s\r\n".formatted(destination, destination)
            + (login == null ? "" : "Proxy-Authorization: " + login + "\r\n")
            + "\r\n";
    context.writeAndFlush(
        ByteBufUtil.encodeString(context.alloc(), CharBuffer.wrap(request), ISO_8859_1));
    context.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!failed && message instanceof ByteBuf bytes) {
      answer.append(bytes.toString(ISO_8859_1));
    }
    ReferenceCountUtil.release(message);
    boolean interim = !failed;
    while (interim) {
      int end = answer.indexOf(END);
      interim = end >= 0 && end(context, end + END.length());
    }
    if (answer.length() > MAX_ANSWER_BYTES) {
      fail(context, ProxyFailedException.unreadable());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(context, ProxyFailedException.closed());
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(context, ProxyFailedException.closed());
  }

  /** Takes one answer. Returns whether another one follows: this one was only interim. */
  private boolean end(ChannelHandlerContext context, int length) {
    Matcher status = STATUS.matcher(answer);
    if (!status.lookingAt() || ++answers > MAX_ANSWERS) {
      fail(context, ProxyFailedException.unreadable());
      return false;
    }
    int code = Integer.parseInt(status.group(1));
    if (code < 200) {
      answer.delete(0, length);
      return true;
    }
    if (code >= 300) {
      fail(context, ProxyFailedException.refused(code));
    } else if (length < answer.length()) {
      // Nobody speaks before the worker does, so these bytes are no part of the connection.
      fail(context, ProxyFailedException.unreadable());
    } else {
      context.pipeline().remove(this);
      context.fireChannelActive();
    }
    answer.setLength(0);
    return false;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the handlers behind learn of the close
  private void fail(ChannelHandlerContext context, ProxyFailedException cause) {
    if (!failed) {
      failed = true;
      context.fireExceptionCaught(cause);
      context.close();
    }
  }
}
