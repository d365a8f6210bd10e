package io.beamline.worker.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Switches a worker's flags while it runs, as an operator would. Thread-safe. */
public final class FeatureSwitch {

  private final WorkerProcess worker;
  private final HttpClient http = HttpClient.newHttpClient();

  /** The flags of a worker. */
  public FeatureSwitch(WorkerProcess worker) {
    this.worker = worker;
  }

  /** Turns a flag on or off; it is so when this returns. */
  public void set(String flag, boolean enabled) {
    HttpRequest request =
        HttpRequest.newBuilder(worker.managementUri("/actuator/togglz/" + flag))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            .header("Authorization", "Basic " + credentials())
            .POST(HttpRequest.BodyPublishers.ofString("{\"enabled\": " + enabled + "}"))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("the switch answers " + answer.statusCode());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String credentials() {
    String pair = "admin:" + WorkerProcess.ADMIN_PASSWORD;
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
