package io.beamline.worker.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * A worker with all around it: a NATS server of its own, a Router, and an HTTP server that
 * misbehaves. The worker has run a step of each pool, so that no test measures how a fresh JVM
 * loads its classes. Not thread-safe.
 *
 * <pre>{@code
 * static Rig rig = Rig.start(worker -> worker.env("CP2_ADVANCED_RETRY_ENABLED", "true"));
 * }</pre>
 */
public final class Rig implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int WARM_UP = 20;

  /** How late after its deadline a step may have its result (contract, W3-2.3). */
  private static final long LATE_MS = 100;

  private final NatsServer nats;
  private final WorkerProcess worker;
  private final RouterStandIn router;
  private MisbehavingHttpServer server;

  private Rig(NatsServer nats, WorkerProcess worker) {
    this.nats = nats;
    this.worker = worker;
    this.router = RouterStandIn.connect(nats.url());
    this.server = MisbehavingHttpServer.start();
  }

  /**
   * Starts all of it.
   *
   * @param settings what to set of the worker
   * @param natsConfig further lines of the NATS server's configuration
   */
  public static Rig start(UnaryOperator<WorkerProcess.Builder> settings, String... natsConfig) {
    NatsServer nats = NatsServer.start(natsConfig);
    try {
      Rig rig = new Rig(nats, settings.apply(WorkerProcess.of(nats.url())).start());
      rig.warmUp();
      return rig;
    } catch (RuntimeException e) {
      nats.close();
      throw e;
    }
  }

  /** The NATS server. */
  public NatsServer nats() {
    return nats;
  }

  /** The worker. */
  public WorkerProcess worker() {
    return worker;
  }

  /** The Router. */
  public RouterStandIn router() {
    return router;
  }

  /** The HTTP server; another one after each {@link #freshServer}. */
  public MisbehavingHttpServer server() {
    return server;
  }

  /** Ends the HTTP server and starts another, which knows of no requests. */
  public void freshServer() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = MisbehavingHttpServer.start();
  }

  /** An HTTP step for the server. */
  public Assignments get(String path) {
    return Assignments.http(server.url(path));
  }

  /** Assigns a step and waits for its result. */
  public Answer answerTo(Assignments assignment) {
    return router.awaitResult(router.assign(assignment), SOON);
  }

  /**
   * Fails unless a step ended no earlier than its deadline and no later than the contract allows.
   *
   * @param stalls watched since before the step was assigned
   */
  public static void assertEndedAtDeadline(JsonNode result, long deadlineMs, MachineStalls stalls) {
    assertThat(result.path("elapsed_ms").longValue(-1))
        .as("elapsed_ms of %s", result)
        .isBetween(deadlineMs, deadlineMs + LATE_MS + stalls.longestMs());
  }

  @Override
  public void close() {
    try (nats;
        worker;
        router) {
      server.close();
      router.assertClean();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void warmUp() {
    for (int i = 0; i < WARM_UP; i++) {
      answerTo(get("/").deadlineMs(10_000));
      answerTo(Assignments.sleep(1));
    }
    server.then(Misbehaviour.answer(503, ""));
    answerTo(get("/").deadlineMs(10_000));
    answerTo(get("/").input("method", "DELETE").deadlineMs(10_000));
    freshServer();
  }
}
