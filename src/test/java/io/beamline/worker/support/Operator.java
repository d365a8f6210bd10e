package io.beamline.worker.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Who has the login of a worker, and uses its management port. Thread-safe. */
public final class Operator {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final WorkerProcess worker;
  private final HttpClient http = HttpClient.newHttpClient();

  /** The operator of a worker. */
  public Operator(WorkerProcess worker) {
    this.worker = worker;
  }

  /** A POST of JSON with the login. */
  public HttpResponse<String> post(String path, String json) {
    return send(loggedIn(path).POST(BodyPublishers.ofString(json)));
  }

  /** A GET with the login. */
  public HttpResponse<String> get(String path) {
    return send(loggedIn(path).GET());
  }

  /** A POST of JSON by somebody who has no login. */
  public HttpResponse<String> postAnonymously(String path, String json) {
    return send(request(path).POST(BodyPublishers.ofString(json)));
  }

  private HttpRequest.Builder loggedIn(String path) {
    String pair = "admin:" + WorkerProcess.ADMIN_PASSWORD;
    String login = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return request(path).header("Authorization", "Basic " + login);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(worker.managementUri(path))
        .timeout(LIMIT)
        .header("Content-Type", "application/json");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
