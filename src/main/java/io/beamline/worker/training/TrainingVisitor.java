package io.beamline.worker.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.feature.WorkerFeature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * Visits the worker's two ports as probes, Prometheus and an operator do. Used by one thread.
 *
 * @param port the public port
 * @param managementPort the port of health and metrics
 * @param password the administrator's
 */
record TrainingVisitor(int port, int managementPort, String password, HttpClient http)
    implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final List<String> WATCHED =
      List.of(
          "/actuator/health",
          "/actuator/health/liveness",
          "/actuator/health/readiness",
          "/actuator/prometheus");

  static TrainingVisitor of(int port, int managementPort, String password) {
    return new TrainingVisitor(port, managementPort, password, HttpClient.newHttpClient());
  }

  /** Returns whether the worker is ready; false also if nothing answers. */
  boolean isReady() throws InterruptedException {
    try {
      return status(request(managementPort, "/actuator/health/readiness")) == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Visits what is read again and again: health and metrics. */
  void watch() throws TrainingException, InterruptedException {
    for (String path : WATCHED) {
      visit(request(managementPort, path));
    }
  }

  /** Opens the console's login page. */
  void openConsole() throws TrainingException, InterruptedException {
    visit(request(port, "/togglz-console/index"));
    visit(request(port, "/login"));
  }

  /** Turns all flags on. */
  void turnFlagsOn() throws TrainingException, InterruptedException {
    for (WorkerFeature flag : WorkerFeature.values()) {
      visit(
          request(managementPort, "/actuator/togglz/" + flag.name())
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"enabled\": true}")));
    }
  }

  private HttpRequest.Builder request(int toPort, String path) {
    String login = Base64.getEncoder().encodeToString(("admin:" + password).getBytes(UTF_8));
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + toPort + path))
        .timeout(PATIENCE)
        .header("Authorization", "Basic " + login);
  }

  private void visit(HttpRequest.Builder request) throws TrainingException, InterruptedException {
    URI uri = request.build().uri();
    try {
      int status = status(request);
      if (status >= 400) {
        throw new TrainingException(uri + " answers " + status);
      }
    } catch (IOException e) {
      throw new TrainingException(uri + " does not answer: " + e);
    }
  }

  private int status(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString()).statusCode();
  }

  @Override
  public void close() {
    http.close();
  }
}
