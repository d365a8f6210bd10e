package io.beamline.worker.bench.floor;

import io.nats.client.Message;
import java.util.concurrent.CompletableFuture;

/** What lies between an assignment and its result. Called by one thread. */
interface Work {

  /** The work of a step that answers with what it got. */
  Work ECHO = message -> CompletableFuture.completedFuture(message.getData());

  /** Begins; completes with the result's body. Must not block. */
  CompletableFuture<byte[]> begin(Message assignment);
}
