package io.beamline.worker.block.http;

import io.beamline.worker.observability.tracing.Tracing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A validated request, ready to be sent. Immutable.
 *
 * @param method the method's name in upper case
 * @param url where it goes
 * @param headers all headers except those that the client sets
 * @param body the bytes of the body, which must not be changed; null for no body
 */
record HttpRequest(String method, TargetUrl url, List<Header> headers, @Nullable ByteBuffer body) {

  /**
   * Returns the request with a trace context, unless it has one of its own.
   *
   * @param traceparent null for none
   */
  HttpRequest traced(@Nullable String traceparent) {
    if (traceparent == null) {
      return this;
    }
    List<Header> more = new ArrayList<>(headers);
    RequestReader.addUnlessSet(more, Tracing.HEADER, traceparent);
    return new HttpRequest(method, url, List.copyOf(more), body);
  }

  /** Returns what errors and logs may show of the request. */
  Target target() {
    return new Target(method, url.host());
  }

  /** Returns only method and host. */
  @Override
  public String toString() {
    return target().toString();
  }
}
