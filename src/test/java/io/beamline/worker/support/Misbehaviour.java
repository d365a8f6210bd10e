package io.beamline.worker.support;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** What a server does with a request it has read. */
@FunctionalInterface
public interface Misbehaviour {

  /** Acts; returns whether the connection is kept for a further request. */
  boolean act(ReceivedRequest request, Socket socket) throws IOException;

  /** Answers as it should, and keeps the connection. */
  static Misbehaviour answer(int status, String body, String... headerLines) {
    return answer(status, body.getBytes(StandardCharsets.UTF_8), headerLines);
  }

  /** Answers as it should, and keeps the connection. */
  static Misbehaviour answer(int status, byte[] body, String... headerLines) {
    return (request, socket) -> {
      send(socket, head(status, body.length, headerLines));
      if (!request.method().equals("HEAD") && status != 204 && status != 304) {
        socket.getOutputStream().write(body);
      }
      return true;
    };
  }

  /** Answers with these bytes, and closes. */
  static Misbehaviour raw(String bytes) {
    return (request, socket) -> {
      send(socket, bytes);
      return false;
    };
  }

  /** Answers with these bytes, after the pause with more of them, and keeps the connection. */
  static Misbehaviour rawThen(String bytes, int pauseMillis, String more) {
    return (request, socket) -> {
      send(socket, bytes);
      socket.setSoTimeout(pauseMillis);
      try {
        int early = socket.getInputStream().read();
        throw new IOException("The client sent " + early + " before the pause was over");
      } catch (SocketTimeoutException e) { // the pause
        socket.setSoTimeout(0);
      }
      send(socket, more);
      return true;
    };
  }

  /** Answers with these bytes, and keeps the connection. */
  static Misbehaviour rawAndKeep(String bytes) {
    return (request, socket) -> {
      send(socket, bytes);
      return true;
    };
  }

  /** Answers nothing until the client closes. */
  static Misbehaviour stallBeforeHeaders() {
    return (request, socket) -> untilClosed(socket);
  }

  /** Announces a body, sends five bytes of it, then nothing until the client closes. */
  static Misbehaviour stallInsideBody(int status, int announced) {
    return (request, socket) -> {
      send(socket, head(status, announced) + "hello");
      return untilClosed(socket);
    };
  }

  /** Sends one byte of the body every few milliseconds, until the client closes. */
  static Misbehaviour dribble(int pauseMillis) {
    return (request, socket) -> {
      send(socket, head(200, 10_000));
      socket.setSoTimeout(pauseMillis);
      while (true) {
        try {
          if (socket.getInputStream().read() < 0) {
            return false;
          }
        } catch (SocketTimeoutException e) { // the pause
          send(socket, "x");
        }
      }
    };
  }

  /** Announces a body of ten bytes, sends five and closes. */
  static Misbehaviour truncate(int status) {
    return raw(head(status, 10) + "hello");
  }

  /** Sends a body that never ends, in chunks, until the client closes. */
  static Misbehaviour endlessBody(int status) {
    return (request, socket) -> {
      send(socket, "HTTP/1.1 " + status + " Any\r\nTransfer-Encoding: chunked\r\n\r\n");
      while (true) {
        send(socket, "400\r\n" + "x".repeat(0x400) + "\r\n");
      }
    };
  }

  /** Closes without an answer. */
  static Misbehaviour closeEarly() {
    return (request, socket) -> false;
  }

  /** Resets the connection without an answer. */
  static Misbehaviour reset() {
    return (request, socket) -> {
      socket.setSoLinger(true, 0);
      return false;
    };
  }

  private static String head(int status, int length, String... headerLines) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Any\r\n");
    for (String line : headerLines) {
      head.append(line).append("\r\n");
    }
    return head.append("Content-Length: ").append(length).append("\r\n\r\n").toString();
  }

  private static boolean untilClosed(Socket socket) throws IOException {
    while (socket.getInputStream().read() >= 0) {
      // what the client still says does not matter
    }
    return false;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
