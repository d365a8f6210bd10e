package io.beamline.worker;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.RouterStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * 500 steps that put, get and delete a file each, and 200 HTTP steps among them.
 *
 * @param folder where the files are, as the worker sees it
 * @param backing the same folder, where it never hangs
 * @param url what the HTTP steps ask for
 */
record MixedSteps(Path folder, Path backing, String url) {

  private static final int STEPS = 700;
  private static final int GROUP = 14;
  private static final long PACE_MS = 140;
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Writes every file's old content. */
  MixedSteps prepare() throws IOException {
    Files.createDirectories(backing);
    for (int i = 0; i < STEPS; i++) {
      Files.writeString(file(i), "old" + i);
    }
    return this;
  }

  /** Assigns all at once; returns their results when each has one. */
  List<JsonNode> run(RouterStandIn router) {
    List<String> ids = router.assignAll(IntStream.range(0, STEPS).mapToObj(this::step).toList());
    router.awaitAll(ids, LONG);
    return ids.stream().map(id -> router.answer(id).resultJson()).toList();
  }

  /** Assigns them in small groups at a steady pace, or only those of HTTP at the same pace. */
  List<JsonNode> flow(RouterStandIn router, boolean onlyHttp) {
    List<String> ids = new CopyOnWriteArrayList<>();
    List<List<Assignments>> groups =
        IntStream.range(0, STEPS / GROUP)
            .mapToObj(group -> IntStream.range(group * GROUP, (group + 1) * GROUP))
            .map(group -> group.filter(i -> !onlyHttp || isHttp(i)).mapToObj(this::step).toList())
            .toList();
    Iterator<List<Assignments>> next = groups.iterator();
    try (ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor()) {
      Future<?> unused =
          pace.scheduleAtFixedRate(
              () -> ids.addAll(next.hasNext() ? router.assignAll(next.next()) : List.of()),
              0,
              PACE_MS,
              TimeUnit.MILLISECONDS);
      Awaitility.await().atMost(LONG).until(() -> !next.hasNext());
    }
    router.awaitAll(ids, LONG);
    return ids.stream().map(id -> router.answer(id).resultJson()).toList();
  }

  /** The files whose content is neither the old nor the whole new one; missing ones are not. */
  List<Path> broken() {
    return IntStream.range(0, STEPS).filter(this::isBroken).mapToObj(this::file).toList();
  }

  /** HTTP steps a second among these results, from the first arrival to the last end. */
  static double httpRate(List<JsonNode> results) {
    return results.stream().filter(MixedSteps::isHttp).count() / httpSeconds(results);
  }

  /** How long the HTTP steps among these results took, from the first arrival to the last end. */
  static double httpSeconds(List<JsonNode> results) {
    List<JsonNode> http = results.stream().filter(MixedSteps::isHttp).toList();
    long begin = http.stream().mapToLong(MixedSteps::arrival).min().orElseThrow();
    long end = http.stream().mapToLong(r -> r.path("timestamp").longValue()).max().orElseThrow();
    return (end - begin) / 1000.0;
  }

  static boolean isHttp(JsonNode result) {
    return result.path("job").path("type").stringValue("").equals("http.request");
  }

  private static boolean isHttp(int i) {
    return i % 7 == 0 || i % 7 == 3;
  }

  private static long arrival(JsonNode result) {
    return result.path("timestamp").longValue() - result.path("elapsed_ms").longValue();
  }

  private Assignments step(int i) {
    String path = folder.resolve("file" + i).toString();
    return switch (i % 7) {
      case 0, 3 -> Assignments.http(url);
      case 1, 4 -> Assignments.put(path, "new" + i);
      case 2, 5 -> Assignments.get(path);
      default -> Assignments.delete(path);
    };
  }

  private boolean isBroken(int i) {
    try {
      return !List.of("old" + i, "new" + i).contains(Files.readString(file(i)));
    } catch (IOException e) {
      return Files.exists(file(i));
    }
  }

  private Path file(int i) {
    return backing.resolve("file" + i);
  }
}
