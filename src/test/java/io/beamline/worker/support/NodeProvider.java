package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A provider that speaks NATS by itself: {@code nats/provider.mjs} in Node. It comes back when its
 * server does. Closing it ends it. Not thread-safe.
 */
public final class NodeProvider implements AutoCloseable {

  private static final Path SCRIPT = Path.of("src", "test", "resources", "nats", "provider.mjs");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String WHAT_TO_INSTALL =
      "No provider in another language: install Node (Debian and Ubuntu: apt-get install nodejs).";

  private final Process process;
  private final Path log;
  private final Thread shutdownHook = new Thread(this::end, "node-provider-end");

  private NodeProvider(NatsServer nats, String subject) throws IOException {
    log = Files.createTempFile("beamline-provider-", ".log");
    process =
        new ProcessBuilder(
                "node", SCRIPT.toString(), "127.0.0.1", String.valueOf(nats.port()), subject)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /**
   * Starts one and waits until it serves. Where the machine has no Node the test is skipped, but
   * fails where CI says that nothing may be missing.
   *
   * @param subject where it listens; may have wildcards
   */
  public static NodeProvider start(NatsServer nats, String subject) {
    if (!available()) {
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(WHAT_TO_INSTALL);
      }
      Assumptions.abort(WHAT_TO_INSTALL);
    }
    try {
      NodeProvider provider = new NodeProvider(nats, subject);
      provider.awaitReady(1);
      return provider;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has subscribed so many times. */
  public void awaitReady(long times) {
    Awaitility.await("the provider serves")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> log().lines().filter("ready"::equals).count() >= times);
  }

  /**
   * Says how it answers requests to a subject from now on.
   *
   * @param json such as {@code {"silent": true}}; an empty object for a good answer
   */
  public static void answerUsually(Connection connection, String subject, String json) {
    try {
      byte[] order = ("{\"usual\": " + json + "}").getBytes(UTF_8);
      if (connection.request(subject, order, SOON) == null) {
        throw new IllegalStateException("the provider does not answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What it has printed. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(shutdownHook);
    end();
  }

  private void end() {
    try {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean available() {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
