package io.beamline.worker.block.http;

import io.beamline.worker.timeout.TimeSource;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP codec of one connection. Unlike Netty's own, it never reads bytes that follow a response
 * as the response to the next request, which may belong to another step:
 *
 * <ul>
 *   <li>it closes the connection when bytes follow a response, at once or while the connection is
 *       idle;
 *   <li>it closes the connection after a response that cannot be parsed, or a change of protocol;
 *   <li>it holds a connection back for a while after a response without a body (204, 304, HEAD),
 *       because some servers send a body a moment later nevertheless;
 *   <li>it skips interim responses such as {@code 103 Early Hints}; the client handles only 100.
 * </ul>
 *
 * <p>Only the thread of its connection uses it, except for {@link #holdsBack}.
 */
final class GuardedHttpCodec
    extends CombinedChannelDuplexHandler<HttpResponseDecoder, HttpRequestEncoder> {

  /** Longer than a delayed TCP acknowledgement, for which a second segment may wait. */
  private static final Duration HOLD_BACK = Duration.ofMillis(500);

  private static final int SWITCHING_PROTOCOLS = 101;

  private final TimeSource time;

  /** The method of the request whose response is expected; null if none is. */
  private @Nullable HttpMethod pendingMethod;

  private boolean withoutBody;

  private volatile boolean heldBack;
  private volatile boolean returned;
  private volatile long heldBackSinceNanos;

  /** Creates a codec that rejects a response with more bytes of headers than the limit. */
  GuardedHttpCodec(int maxHeaderBytes, TimeSource time) {
    this.time = time;
    init(new Decoder(new HttpDecoderConfig().setMaxHeaderSize(maxHeaderBytes)), new Encoder());
  }

  /**
   * Returns whether the connection must not carry another request yet. The pool calls this once
   * when the connection returns, which is always accepted, and again before it lends the
   * connection. Any thread may call it.
   */
  boolean holdsBack() {
    if (!heldBack) {
      return false;
    }
    if (!returned) {
      returned = true;
      return false;
    }
    return time.nanos() - heldBackSinceNanos < HOLD_BACK.toNanos();
  }

  /** Records that the response to the request is complete. */
  private void responseDecoded() {
    pendingMethod = null;
    heldBackSinceNanos = time.nanos();
    returned = false;
    heldBack = withoutBody;
  }

  /** Bypasses the TLS handler, which would first send a close message to the server. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void closeAtOnce(ChannelHandlerContext context) {
    context.pipeline().firstContext().close();
  }

  private final class Encoder extends HttpRequestEncoder {

    @Override
    protected void encode(ChannelHandlerContext context, Object message, List<Object> out)
        throws Exception {
      if (message instanceof HttpRequest request) {
        pendingMethod = request.method();
      }
      super.encode(context, message, out);
    }
  }

  private final class Decoder extends HttpResponseDecoder {

    Decoder(HttpDecoderConfig config) {
      super(config);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
        throws Exception {
      if (pendingMethod == null) {
        in.skipBytes(in.readableBytes());
        closeAtOnce(context);
        return;
      }
      int before = out.size();
      super.decode(context, in, out);
      List<Object> decoded = out.subList(before, out.size());
      if (decoded.isEmpty()) {
        return;
      }
      if (isInterim(decoded.getFirst())) {
        decoded.clear();
      } else if (isBad(decoded.getLast())) {
        closeAtOnce(context);
      } else if (decoded.getLast() instanceof LastHttpContent) {
        if (in.isReadable() || isSwitch(decoded.getFirst())) {
          closeAtOnce(context);
        }
        responseDecoded();
      }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
      withoutBody = HttpMethod.HEAD.equals(pendingMethod) || super.isContentAlwaysEmpty(message);
      return withoutBody;
    }
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && HttpStatusClass.INFORMATIONAL.contains(response.status().code())
        && response.status().code() != SWITCHING_PROTOCOLS
        && !isBad(response);
  }

  private static boolean isSwitch(Object message) {
    return message instanceof HttpResponse response
        && response.status().code() == SWITCHING_PROTOCOLS;
  }

  private static boolean isBad(Object message) {
    return message instanceof DecoderResultProvider decoded && decoded.decoderResult().isFailure();
  }
}
