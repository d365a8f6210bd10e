package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to a NATS server what no client library would: headers byte by byte. For one thread.
 */
public final class RawPublisher implements AutoCloseable {

  private static final int TIMEOUT_MS = 10_000;

  private final Socket socket;
  private final BufferedReader answers;
  private final OutputStream out;

  /** Connects to the server of this machine at a port. */
  public RawPublisher(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(TIMEOUT_MS);
      answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      out = socket.getOutputStream();
      out.write(
          "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true}\r\n".getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Publishes a message; returns once the server has it.
   *
   * @param replyTo null for none
   * @param headers the whole block, as it goes over the wire
   */
  public void publish(String subject, @Nullable String replyTo, byte[] headers, byte[] payload) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    String line =
        "HPUB %s %s%d %d\r\n"
            .formatted(
                subject,
                replyTo == null ? "" : replyTo + " ",
                headers.length,
                headers.length + payload.length);
    message.writeBytes(line.getBytes(UTF_8));
    message.writeBytes(headers);
    message.writeBytes(payload);
    message.writeBytes("\r\nPING\r\n".getBytes(UTF_8));
    try {
      out.write(message.toByteArray());
      awaitPong();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitPong() throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.equals("PONG")) {
        return;
      }
      if (line.startsWith("-ERR")) {
        throw new IOException(line);
      }
    }
    throw new IOException("the server has closed the connection");
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
