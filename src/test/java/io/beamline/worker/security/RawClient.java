package io.beamline.worker.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection on which a test writes what it likes. Not thread-safe. */
final class RawClient implements AutoCloseable {

  private static final int TIMEOUT_MS = 20_000;

  private final Socket socket;

  private RawClient(Socket socket) {
    this.socket = socket;
  }

  /** Connects to a port of this machine. */
  static RawClient to(int port) {
    return to(port, 64 * 1024);
  }

  /** Connects with a receive buffer of some bytes, so that it can be full. */
  static RawClient to(int port, int receiveBuffer) {
    Socket socket = new Socket();
    try {
      socket.setReceiveBufferSize(receiveBuffer);
      socket.setSoTimeout(TIMEOUT_MS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
      return new RawClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a text. Returns whether the connection still took it. */
  boolean write(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Everything until the server closes the connection, or breaks it off. */
  String readToItsEnd() {
    StringBuilder text = new StringBuilder();
    byte[] part = new byte[8192];
    try {
      for (int read = 0; read >= 0; read = socket.getInputStream().read(part)) {
        text.append(new String(part, 0, read, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      text.append('<').append(e.getMessage()).append('>');
    }
    return text.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
