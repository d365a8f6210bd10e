package io.beamline.worker.bench.plain;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

/** Runs steps: echo, and HTTP GET with a second attempt. Called by one thread. */
@Component
final class PlainSteps {

  private final WebClient client;
  private final Semaphore requests;

  PlainSteps(WebClient.Builder client, PlainSettings settings) {
    this.client = client.build();
    this.requests = new Semaphore(settings.requestsAtOnce());
  }

  /** Begins one; waits while too many requests are under way. Completes with its outputs. */
  CompletableFuture<? extends Map<String, ?>> begin(PlainAssignment.Job job)
      throws InterruptedException {
    return switch (job.type()) {
      case "echo" -> CompletableFuture.completedFuture(job.payload());
      case "http.request" -> get(String.valueOf(job.payload().get("url")));
      default -> CompletableFuture.failedFuture(new IllegalArgumentException(job.type()));
    };
  }

  private CompletableFuture<Map<String, Object>> get(String url) throws InterruptedException {
    requests.acquire();
    return client
        .get()
        .uri(url)
        .retrieve()
        .toEntity(String.class)
        .retry(1)
        .map(PlainSteps::outputs)
        .doFinally(signal -> requests.release())
        .toFuture()
        .thenApply(Objects::requireNonNull);
  }

  private static Map<String, Object> outputs(ResponseEntity<String> answer) {
    return Map.of(
        "status_code",
        answer.getStatusCode().value(),
        "headers",
        answer.getHeaders().toSingleValueMap(),
        "body",
        Objects.requireNonNullElse(answer.getBody(), ""));
  }
}
