package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on a real socket of the loopback address. It takes every name and every address for
 * this machine. Thread-safe.
 */
public final class ForwardProxy implements AutoCloseable {

  private final ServerSocket listener;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String login;
  private volatile @Nullable String answer;
  private volatile boolean hanging;

  private ForwardProxy() throws IOException {
    listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
  }

  /** Starts a proxy that serves everybody. */
  public static ForwardProxy start() {
    try {
      ForwardProxy proxy = new ForwardProxy();
      Thread.ofVirtual().name("proxy-accept").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves only who logs in so. */
  public ForwardProxy demanding(String username, String password) {
    byte[] both = (username + ":" + password).getBytes(UTF_8);
    login = "Basic " + Base64.getEncoder().encodeToString(both);
    return this;
  }

  /** Answers each request with these bytes, and closes; with none it only closes. */
  public ForwardProxy answering(String bytes) {
    answer = bytes;
    return this;
  }

  /** Serves again. */
  public ForwardProxy serving() {
    answer = null;
    return this;
  }

  /** Reads requests and never answers. */
  public ForwardProxy hanging() {
    hanging = true;
    return this;
  }

  /** The port it listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Its address, as a setting. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** Method and target of each request so far. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** How many clients are connected. */
  public int open() {
    return open.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().name("proxy-client").start(() -> serve(client));
      }
    } catch (IOException e) {
      // the listener was closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      ReceivedRequest request = ReceivedRequest.read(in);
      if (request != null) {
        asked.add(request.method() + " " + request.target());
        serve(client, in, request);
      }
    } catch (IOException e) {
      // one of both went away
    } finally {
      open.remove(client);
    }
  }

  private void serve(Socket client, InputStream in, ReceivedRequest request) throws IOException {
    String wanted = login;
    String fixed = answer;
    if (hanging) {
      in.transferTo(OutputStream.nullOutputStream());
    } else if (fixed != null) {
      send(client, fixed);
    } else if (wanted != null && !wanted.equals(request.header("Proxy-Authorization"))) {
      send(client, "HTTP/1.1 407 Login, please\r\nContent-Length: 0\r\n\r\n");
    } else if (request.method().equals("CONNECT")) {
      tunnel(client, in, Integer.parseInt(request.target().replaceAll(".*:", "")));
    } else {
      forward(client, request);
    }
  }

  private static void tunnel(Socket client, InputStream in, int port) throws IOException {
    try (Socket server = connect(client, port)) {
      send(client, "HTTP/1.1 200 Connected\r\n\r\n");
      Thread.ofVirtual().start(() -> pump(in, server));
      server.getInputStream().transferTo(client.getOutputStream());
    }
  }

  private static void forward(Socket client, ReceivedRequest request) throws IOException {
    URI uri = URI.create(request.target());
    try (Socket server = connect(client, uri.getPort())) {
      StringBuilder head = new StringBuilder(request.method());
      head.append(' ').append(uri.getRawPath());
      head.append(uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()).append(" HTTP/1.1\r\n");
      request
          .headers()
          .forEach(
              (name, values) -> {
                if (!name.regionMatches(true, 0, "Proxy-", 0, 6)) {
                  head.append(name).append(": ").append(values.getFirst()).append("\r\n");
                }
              });
      send(server, head + "Connection: close\r\n\r\n" + request.octets());
      server.shutdownOutput();
      server.getInputStream().transferTo(client.getOutputStream());
    }
  }

  private static Socket connect(Socket client, int port) throws IOException {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    } catch (IOException e) {
      send(client, "HTTP/1.1 502 Nobody there\r\nContent-Length: 0\r\n\r\n");
      throw e;
    }
  }

  private static void pump(InputStream from, Socket to) {
    try {
      from.transferTo(to.getOutputStream());
      to.close();
    } catch (IOException e) {
      // one of both went away
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }
}
