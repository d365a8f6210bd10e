package io.beamline.worker.bench.floor;

import io.nats.client.Message;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A GET by a client as it comes out of the box.
 *
 * @param client the client
 * @param url what it gets
 */
record HttpWork(WebClient client, URI url) implements Work {

  @Override
  public CompletableFuture<byte[]> begin(Message assignment) {
    return client
        .get()
        .uri(url)
        .retrieve()
        .bodyToMono(byte[].class)
        .toFuture()
        .thenApply(Objects::requireNonNull);
  }
}
