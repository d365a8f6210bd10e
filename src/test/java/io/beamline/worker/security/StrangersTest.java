package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.MachineStalls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Clients without a login that hold many connections, and what others see of it. */
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrangersTest {

  private static final int STRANGERS = 220;
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(1);
  private static final Duration WATCHED = Duration.ofSeconds(2);

  /** What a busy machine takes for 220 connections that come at once. */
  private static final Duration SETTLED = Duration.ofSeconds(8);

  private static final String POST =
      "POST %s HTTP/1.1\r\nHost: w\r\nContent-Length: 60000\r\nContent-Type: %s\r\n\r\nx";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final List<RawClient> strangers = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private StartedWorker worker;
  private ScheduledFuture<?> dribble;

  @BeforeAll
  void start() {
    worker = StartedWorker.with(Map.of());
    dribble =
        timer.scheduleAtFixedRate(
            () -> strangers.forEach(stranger -> stranger.write("x")), 1, 1, TimeUnit.SECONDS);
  }

  @AfterEach
  void leave() {
    strangers.forEach(RawClient::close);
    strangers.clear();
  }

  @AfterAll
  void end() {
    dribble.cancel(true);
    timer.shutdownNow();
    worker.close();
  }

  static Stream<Arguments> attacks() {
    ToIntFunction<StartedWorker> main = StartedWorker::mainPort;
    ToIntFunction<StartedWorker> management = StartedWorker::managementPort;
    return Stream.of(
        Arguments.of("a body for a closed path", main, POST.formatted("/x", "text/plain")),
        Arguments.of("a form for a closed path", management, POST.formatted("/x", FORM)),
        Arguments.of("a form for the login", main, POST.formatted("/login", FORM)),
        Arguments.of("a form for the console", main, POST.formatted("/togglz-console/edit", FORM)),
        Arguments.of(
            "a body for an endpoint", management, POST.formatted("/actuator/intake", FORM)),
        Arguments.of("a body for the health", management, POST.formatted("/actuator/health", FORM)),
        Arguments.of("a put form", main, POST.formatted("/_health", FORM).replace("POST", "PUT")),
        Arguments.of(
            "chunks",
            main,
            POST.formatted("/login", FORM)
                .replace("Content-Length: 60000", "Transfer-Encoding: chunked")),
        Arguments.of("a slow header", management, "GET /actuator/health HTTP/1.1\r\nHost: w"),
        Arguments.of("a large header", main, "GET / HTTP/1.1\r\nX: " + "x".repeat(7_000)),
        Arguments.of("nothing", management, ""),
        Arguments.of("a connection kept alive", main, "GET /_health HTTP/1.1\r\nHost: w\r\n\r\n"),
        Arguments.of(
            "responses that it does not read",
            management,
            "GET /metrics HTTP/1.1\r\nHost: w\r\n\r\n".repeat(50)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void neverKeepAProbeWaiting(
      String what, ToIntFunction<StartedWorker> port, String start, CapturedOutput output) {
    LoggedSince logged = LoggedSince.now(output);
    try (MachineStalls stalls = MachineStalls.watch()) {
      for (int i = 0; i < STRANGERS; i++) {
        RawClient stranger = RawClient.to(port.applyAsInt(worker), 4096);
        strangers.add(stranger);
        stranger.write(start);
      }
      Awaitility.await()
          .pollInSameThread()
          .pollInterval(Duration.ofMillis(100))
          .during(WATCHED)
          .atMost(SETTLED.plus(WATCHED))
          .until(
              () ->
                  isAnsweredInTime(worker.managementPort(), "/actuator/health/liveness", stalls)
                      && isAnsweredInTime(
                          worker.managementPort(), "/actuator/health/readiness", stalls)
                      && isAnsweredInTime(worker.mainPort(), "/_health", stalls));
    }
    assertThat(logged.lines()).isEmpty();
  }

  @Test
  void areAnsweredWithoutTheBodyThatIsRefused() {
    for (int port : new int[] {worker.mainPort(), worker.managementPort()}) {
      for (String type : List.of("text/plain", FORM, "multipart/form-data; boundary=b")) {
        try (RawClient stranger = RawClient.to(port)) {
          stranger.write(POST.formatted("/x", type));
          assertThat(stranger.readToItsEnd()).startsWith("HTTP/1.1 404").endsWith("}");
        }
        try (RawClient stranger = RawClient.to(port)) {
          stranger.write(
              POST.formatted("/x", type).replace("Host: w", "Host: w\r\nExpect: 100-continue"));
          assertThat(stranger.readToItsEnd()).startsWith("HTTP/1.1 404").endsWith("}");
        }
      }
    }
  }

  @Test
  void areCutOffAfterAWhileHoweverSlowTheyAre() {
    long begin = System.nanoTime();
    RawClient login = RawClient.to(worker.mainPort());
    RawClient header = RawClient.to(worker.managementPort());
    login.write(POST.formatted("/login", FORM));
    header.write("GET /actuator/health HTTP/1.1\r\nHost: w");
    strangers.addAll(List.of(login, header));

    login.readToItsEnd();
    header.readToItsEnd();

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(OpenConnections.LIFETIME, OpenConnections.LIFETIME.plusSeconds(3));
  }

  @Test
  void doNotKeepTheWorkerFromEnding() {
    StartedWorker ending = StartedWorker.with(Map.of());
    try (MachineStalls stalls = MachineStalls.watch()) {
      for (String path : List.of("/login", "/togglz-console/edit", "/x")) {
        RawClient stranger = RawClient.to(ending.mainPort());
        stranger.write(POST.formatted(path, FORM));
        strangers.add(stranger);
      }
      Awaitility.await().until(() -> isAnsweredInTime(ending.mainPort(), "/_health", stalls));

      long begin = System.nanoTime();
      ending.close();

      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isLessThan(Duration.ofSeconds(4).plus(stalls.longest()));
    }
  }

  /** Fails when there is no answer, and is false when it comes late. */
  private static boolean isAnsweredInTime(int port, String path, MachineStalls stalls) {
    long begin = System.nanoTime();
    try (RawClient probe = RawClient.to(port)) {
      probe.write("GET " + path + " HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n");
      assertThat(probe.readToItsEnd()).as(path).startsWith("HTTP/1.1 200");
    }
    Duration taken = Duration.ofNanos(System.nanoTime() - begin);
    return taken.compareTo(PROBE_LIMIT.plus(stalls.longest())) < 0;
  }
}
