package io.beamline.worker.security;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request with an unread body without waiting for the rest of the body, as Tomcat would.
 * Bytes that have arrived are dropped. If more are to come, the connection is closed.
 */
final class UnreadBodyValve extends ValveBase {

  private static final int MAX_DROPPED_BYTES = 64 * 1024;

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
    org.apache.coyote.Request body = request.getCoyoteRequest();
    if (!request.isAsync() && !isRead(body)) {
      response.finishResponse();
      dropArrivedBytes(body);
      body.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
  }

  private static boolean isRead(org.apache.coyote.Request body) {
    AtomicBoolean read = new AtomicBoolean();
    body.action(ActionCode.REQUEST_BODY_FULLY_READ, read);
    return read.get();
  }

  /** Unread bytes would reset the connection, and the client could lose the response. */
  private static void dropArrivedBytes(org.apache.coyote.Request body) throws IOException {
    DroppedBytes part = new DroppedBytes();
    for (int dropped = 0;
        dropped < MAX_DROPPED_BYTES && hasArrived(body);
        dropped += part.length()) {
      if (body.doRead(part) < 0) {
        return;
      }
    }
  }

  /** Not for a body in chunks: Tomcat would wait for the end of a chunk that has begun. */
  private static boolean hasArrived(org.apache.coyote.Request body) {
    if (body.getContentLengthLong() < 0 || isRead(body)) {
      return false;
    }
    body.action(ActionCode.AVAILABLE, true);
    return body.getAvailable() > 0;
  }

  /** Receives the bytes that are dropped. */
  private static final class DroppedBytes implements ApplicationBufferHandler {

    private @Nullable ByteBuffer part;

    int length() {
      return part == null ? 0 : part.remaining();
    }

    @Override
    public void setByteBuffer(ByteBuffer buffer) {
      part = buffer;
    }

    @Override
    public @Nullable ByteBuffer getByteBuffer() {
      return part;
    }

    @Override
    public void expand(int size) {
      // Nothing is kept.
    }
  }
}
