package io.beamline.worker.security;

import java.nio.charset.StandardCharsets;
import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;

/**
 * Accepts host names with underscores, which services in Compose have and Tomcat refuses. Tomcat
 * checks everything else about a host. Used by one thread at a time.
 */
final class UnderscoreHostProcessor extends Http11Processor {

  private static final byte LETTER = 'x';

  UnderscoreHostProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
    super(protocol, adapter);
  }

  /** Lets Tomcat check the name with letters for underscores, and then sets the real name. */
  @Override
  protected void parseHost(MessageBytes host) {
    ByteChunk bytes = host == null ? null : host.getByteChunk();
    if (bytes == null || bytes.isNull() || bytes.indexOf('_', 0) < 0) {
      super.parseHost(host);
      return;
    }
    byte[] letters = new byte[bytes.getLength()];
    for (int i = 0; i < letters.length; i++) {
      byte character = bytes.getBytes()[bytes.getStart() + i];
      letters[i] = character == '_' ? LETTER : character;
    }
    MessageBytes checked = MessageBytes.newInstance();
    checked.setBytes(letters, 0, letters.length);
    super.parseHost(checked);
    if (!getErrorState().isError()) {
      int length = request.serverName().getLength();
      request
          .serverName()
          .setString(
              new String(bytes.getBytes(), bytes.getStart(), length, StandardCharsets.ISO_8859_1));
    }
  }
}
