package io.beamline.worker.fault;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The wall clock of the worker's machine jumps by hours, forth and back, while steps wait, run and
 * have deadlines. A library that lies to the process about the time stands in for the machine.
 */
record ClockJump() implements Fault {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final List<String> JUMPS = List.of("+6h", "-6h", "+720h", "+0");
  private static final Path CLOCK = Path.of("clock");

  @Override
  public String title() {
    return "13 clock jumps";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard
        .env("LD_PRELOAD", library().toString())
        .env("FAKETIME_TIMESTAMP_FILE", CLOCK.toString())
        .env("FAKETIME_CACHE_DURATION", "1")
        // Else waits on the monotonic clock, which is the true one, return at once and spin.
        .env("FAKETIME_FORCE_MONOTONIC_FIX", "0")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        // Its steps that fail all ask one dead server, and each must make all its attempts.
        .env("WORKER_DESTINATIONS_BREAKER_WINDOW", "1000")
        .env("WORKER_DESTINATIONS_BREAKER_MINIMUM", "1000")
        .env("WORKER_HEARTBEAT_INTERVAL", "500ms");
  }

  @Override
  public void strike(Site site, Strikes strikes) throws IOException {
    WorkerProcess worker = site.fleet().get(0);
    for (String jump : JUMPS) {
      List<String> waiting = site.load().assignAll(failing(), Expected.FAILURE);
      List<String> running =
          site.load()
              .assignAll(
                  Stream.generate(() -> Assignments.sleep(1_500).deadlineMs(20_000))
                      .limit(4)
                      .toList(),
                  Expected.SUCCESS);
      waiting.forEach(id -> site.router().awaitAck(id, SOON));
      set(worker.folder().resolve(CLOCK), jump);
      Awaitility.await("the worker's clock jumps").atMost(SOON).until(() -> shows(site, jump));
      strikes.count("jumps", 1);
      for (String id : waiting) {
        check(site.router().awaitResult(id, SOON), strikes);
      }
      running.forEach(id -> site.router().awaitResult(id, SOON));
    }
  }

  /** Nobody may read half of it. */
  private static void set(Path clock, String jump) throws IOException {
    Path written = Files.writeString(clock.resolveSibling("clock.new"), jump);
    Files.move(written, clock, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Five waits of 100 ms times n, or that double from 100 ms: at least 1.5 s. */
  private static List<Assignments> failing() {
    return Stream.generate(
            () -> Assignments.http("http://localhost:1/").maxAttempts(6).deadlineMs(20_000))
        .limit(4)
        .toList();
  }

  private static void check(Answer answer, Strikes strikes) {
    strikes.check(
        answer.errorCode().equals("NETWORK_ERROR")
            && answer.resultJson().path("retries_used").intValue() == 5,
        "a step that fails ended as " + answer.errorCode());
  }

  private static boolean shows(Site site, String jump) {
    List<WireMessage> beats = site.router().heartbeats();
    if (beats.isEmpty()) {
      return false;
    }
    Instant told = Instant.parse(beats.getLast().text("timestamp"));
    long seconds = Duration.between(Instant.now(), told).toSeconds();
    return Math.abs(seconds - offset(jump)) < 60;
  }

  private static long offset(String jump) {
    return Duration.ofHours(Long.parseLong(jump.replaceAll("[^0-9-]", ""))).toSeconds();
  }

  private static Path library() {
    try (Stream<Path> found =
        Files.find(
            Path.of("/usr/lib"),
            4,
            (path, attributes) -> path.getFileName().toString().equals("libfaketime.so.1"))) {
      return found
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "No clock that can jump: install libfaketime (Debian and Ubuntu: apt-get"
                          + " install libfaketime)."));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
