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
 * Answers a request whose body nobody read, without waiting for that body. Tomcat would wait for
 * the next bytes of it even when it is to drop them. What has arrived is dropped; for what has not,
 * the connection is closed.
 */
final class UnreadBodyValve extends ValveBase {

  private static final int LARGEST_PART = 64 * 1024;

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
    org.apache.coyote.Request body = request.getCoyoteRequest();
    if (!request.isAsync() && !isRead(body)) {
      response.finishResponse();
      dropWhatHasArrived(body);
      body.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
  }

  private static boolean isRead(org.apache.coyote.Request body) {
    AtomicBoolean read = new AtomicBoolean();
    body.action(ActionCode.REQUEST_BODY_FULLY_READ, read);
    return read.get();
  }

  /** A client that is still to read the response would lose it if bytes were left here. */
  private static void dropWhatHasArrived(org.apache.coyote.Request body) throws IOException {
    Dropped part = new Dropped();
    for (int dropped = 0; dropped < LARGEST_PART && hasArrived(body); dropped += part.length()) {
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

  /** A part of a body that nobody wants. */
  private static final class Dropped implements ApplicationBufferHandler {

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
