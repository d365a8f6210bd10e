package io.beamline.worker.block.http;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as it will be sent. Immutable.
 *
 * @param method the method's name in upper case
 * @param url where it goes
 * @param headers all headers but those of the client itself
 * @param body the body's bytes, which nobody may change; null for none
 */
record HttpRequest(String method, TargetUrl url, List<Header> headers, @Nullable ByteBuffer body) {

  /** What errors may say of it. */
  Target target() {
    return new Target(method, url.host());
  }

  /** Method and host only. */
  @Override
  public String toString() {
    return target().toString();
  }
}
