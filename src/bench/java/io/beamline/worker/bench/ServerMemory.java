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
 * @param monitoring the port where the server tells how it is
 * @param profiling the port where it is asked to collect its garbage
 */
record ServerMemory(int monitoring, int profiling) {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** On free ports. */
  static ServerMemory onFreePorts() {
    return new ServerMemory(FreePort.find(), FreePort.find());
  }

  /** A server that tells. */
  NatsServer start() {
    return NatsServer.start("http: \"127.0.0.1:" + monitoring + "\"", "prof_port: " + profiling);
  }

  /** The live heap after a collection, in KB. */
  double heapKb() {
    return get(profiling, "/debug/pprof/heap?gc=1&debug=1")
            .lines()
            .filter(line -> line.startsWith("# HeapAlloc = "))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024.0;
  }

  /** The resident memory, in KB. */
  double residentKb() {
    return JsonMapper.shared().readTree(get(monitoring, "/varz")).path("mem").longValue() / 1024.0;
  }

  private static String get(int port, String path) {
    try {
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .timeout(PATIENCE)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(path + " answers " + answer.statusCode());
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
