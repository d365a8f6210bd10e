package io.beamline.worker.block.http;

import static io.beamline.worker.block.http.HttpFixture.apart;
import static io.beamline.worker.block.http.HttpFixture.within;
import static io.beamline.worker.contract.ErrorCode.CONNECTION_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The response timeout while a request is sent: no byte either way for that long. */
@Timeout(60)
class HttpUploadTimeoutTest {

  private static final Duration LONG = Duration.ofSeconds(50);

  /** More than the buffers of both sides of a connection take. */
  private static final int STRINGS = 16;

  private static final String BODY =
      "[" + ("\"" + "x".repeat(1_000_000) + "\",").repeat(STRINGS) + "0]";

  private static final int PIECE = 256 * 1024;
  private static final int PACE_MILLIS = 100;

  private final HttpFixture http = HttpFixture.plain();
  private final ServerSocket listener = listener();

  private static ServerSocket listener() {
    try {
      return new ServerSocket();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void listen() throws IOException {
    listener.setReceiveBufferSize(PIECE);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void close() throws IOException {
    http.close();
    listener.close();
  }

  /** The system accepts the connection; nobody reads from it. */
  @Test
  void aStalledUploadRunsIntoTheResponseTimeout() {
    long start = TimeSource.system().nanos();

    StepFailure failure =
        http.failureOf(payload(), apart(LONG, Duration.ofMillis(500)), Deadline.never());

    assertThat(failure.error().code()).isEqualTo(CONNECTION_TIMEOUT);
    assertThat(failure.error().details())
        .containsEntry("timeout_type", "response")
        .containsEntry("timeout_ms", 500L);
    assertThat(Duration.ofNanos(TimeSource.system().nanos() - start))
        .isLessThan(Duration.ofSeconds(25));
  }

  @Test
  void withOneTimeoutForTheAttemptThatCutsAStalledUpload() {
    StepFailure failure =
        http.failureOf(payload(), within(Duration.ofMillis(500)), Deadline.never());

    assertThat(failure.error().details()).containsEntry("timeout_type", "total");
  }

  @Test
  void anUploadThatMovesIsNotCut() throws Exception {
    Duration response = Duration.ofSeconds(2);
    CompletableFuture<Duration> upload = CompletableFuture.supplyAsync(this::readSlowly);

    assertThat(http.run(payload(), apart(LONG, response), Deadline.never())).isNotNull();
    assertThat(upload.get(1, TimeUnit.SECONDS)).isGreaterThan(response);
  }

  /**
   * Reads half of a request at its own pace, the rest at once, for it may be in buffers and so be
   * sent already, and answers. Gives the time that the slow half took.
   */
  private Duration readSlowly() {
    long start = TimeSource.system().nanos();
    try (Socket socket = listener.accept()) {
      InputStream in = socket.getInputStream();
      Semaphore never = new Semaphore(0);
      for (int read = 0; read < BODY.length() / 2; read += in.readNBytes(PIECE).length) {
        if (never.tryAcquire(PACE_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("Nobody releases it");
        }
      }
      Duration slow = Duration.ofNanos(TimeSource.system().nanos() - start);
      in.skipNBytes(BODY.length() / 2 - PIECE);
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      in.transferTo(OutputStream.nullOutputStream());
      return slow;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String payload() {
    String url = "http://localhost:" + listener.getLocalPort() + "/";
    return "{\"url\": \"" + url + "\", \"method\": \"POST\", \"body\": " + BODY + "}";
  }
}
