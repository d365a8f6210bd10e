package io.beamline.worker.bench;

import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.NatsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the system holds for a NATS server, which tells it over HTTP. Used by one thread.
 *
 * @param port where the server tells how it is
 */
record ServerMemory(int port) {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** On a free port. */
  static ServerMemory onFreePort() {
    return new ServerMemory(FreePort.find());
  }

  /** A server that tells it. */
  NatsServer start() {
    return NatsServer.start("http: \"127.0.0.1:" + port + "\"");
  }

  /** What it is now, in KB. */
  double residentKb() {
    String state = get(URI.create("http://127.0.0.1:" + port + "/varz"));
    return JsonMapper.shared().readTree(state).path("mem").longValue() / 1024.0;
  }

  private static String get(URI uri) {
    try {
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(uri + " answers " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
