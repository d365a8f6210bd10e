package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.RandomValues;
import io.beamline.worker.support.RouterStandIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Steps of one tenant that are assigned and cancelled at random, and beside them steps of a
 * neighbour with the same {@code run_id} and {@code flow_id}. All of it is decided before the first
 * step is assigned. Thread-safe once it has been built.
 */
final class CancelTraffic implements AutoCloseable {

  /** Whose steps are cancelled. */
  static final String ASKER = "tenant-a";

  /** In the tenant's name and in each assignment id of the others. */
  static final String NEIGHBOUR = "neighbour";

  /** What each put of the asker writes. */
  static final String CONTENT = "c".repeat(200_000);

  /** What is there to be read. */
  static final String KNOWN = "known";

  /** How long a step waits for its second attempt. */
  static final long BACKOFF_MS = 10_000;

  private static final long LONG_MS = 3_600_000;
  private static final long LONGEST_SLEEP_MS = 600_000;
  private static final int SINGLES = 5_000;
  private static final int SINGLE_FILES = 800;
  private static final int RUNS = 150;
  private static final int FLOWS = 100;
  private static final int LARGE_RUN = 1_000;

  private final RouterStandIn router;
  private final CancelPages pages;
  private final Path folder;
  private final RandomValues random;
  private final List<Group> groups = new ArrayList<>();
  private final List<String> endless = new ArrayList<>();
  private final List<String> files = new ArrayList<>();
  private final List<String> neighbours = new ArrayList<>();
  private final Map<String, Long> asked = new ConcurrentHashMap<>();
  private final ScheduledExecutorService pace = Executors.newScheduledThreadPool(2);
  private CompletableFuture<Void> done = CompletableFuture.completedFuture(null);

  /**
   * Decides what will happen.
   *
   * @param folder where the workers' file steps write and read
   */
  CancelTraffic(RouterStandIn router, CancelPages pages, Path folder, RandomValues random) {
    this.router = router;
    this.pages = pages;
    this.folder = folder;
    this.random = random;
    IntStream.range(0, SINGLES).forEach(i -> groups.add(group("assignment_id", 1, 0, i % 10 / 9)));
    IntStream.range(0, SINGLE_FILES).forEach(i -> groups.add(group("assignment_id", 0, 1, 0)));
    IntStream.range(0, RUNS).forEach(i -> groups.add(group("run_id", 20, 2, 3)));
    IntStream.range(0, FLOWS).forEach(i -> groups.add(group("flow_id", 10, 0, 3)));
    groups.add(group("run_id", LARGE_RUN, 0, 20));
    Collections.shuffle(groups, new Random(random.nextLong()));
  }

  /** Begins; what is to come is spread over this time. */
  void start(Duration span) {
    long gapMicros = span.toNanos() / 1_000 / groups.size();
    List<CompletableFuture<?>> parts = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      Executor begin = later(i * gapMicros, TimeUnit.MICROSECONDS);
      parts.add(CompletableFuture.runAsync(() -> {}, begin).thenCompose(begun -> perform(group)));
    }
    done = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
  }

  /** Whether all is assigned and all is asked for, or something could not be published. */
  boolean isDone() {
    return done.isDone();
  }

  /** Fails if something could not be published. */
  void join() {
    done.join();
  }

  /** The asker's steps that end only when they are cancelled. */
  List<String> endless() {
    return endless;
  }

  /** The asker's file operations, which may end before. */
  List<String> files() {
    return files;
  }

  /** The steps of the other tenant. */
  List<String> neighbours() {
    return neighbours;
  }

  /** All steps. */
  List<String> all() {
    return Stream.of(endless, files, neighbours).flatMap(Collection::stream).toList();
  }

  /**
   * When the request for each step was published, on the monotonic clock, by the step's id. Steps
   * that were assigned only after it are missing.
   */
  Map<String, Long> asked() {
    return asked;
  }

  /** How the steps are cancelled. */
  String plan() {
    return "%d by assignment_id, %d by run_id, %d by flow_id, %d before they were published, %d twice"
        .formatted(
            count(group -> group.kind.equals("assignment_id")),
            count(group -> group.kind.equals("run_id")),
            count(group -> group.kind.equals("flow_id")),
            count(Group::first),
            count(Group::twice));
  }

  @Override
  public void close() {
    pace.shutdownNow();
  }

  private long count(Predicate<Group> which) {
    return groups.stream().filter(which).mapToLong(group -> group.steps.size()).sum();
  }

  private CompletableFuture<?> perform(Group group) {
    CompletableFuture<?> asking =
        group.first
            ? ask(group).thenCompose(stored -> assign(group))
            : assign(group).thenComposeAsync(stored -> ask(group), afterDelay(group));
    return group.twice ? asking.thenComposeAsync(stored -> ask(group), afterDelay(group)) : asking;
  }

  private Executor afterDelay(Group group) {
    return later(group.delayMs, TimeUnit.MILLISECONDS);
  }

  private Executor later(long delay, TimeUnit unit) {
    return CompletableFuture.delayedExecutor(delay, unit, pace);
  }

  private CompletableFuture<?> assign(Group group) {
    return CompletableFuture.allOf(
        Stream.concat(group.steps.stream(), group.neighbours.stream())
            .map(step -> router.publish(step.bytes(), step.headers()))
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Also asks, in the asker's name, for the neighbour's assignments. */
  private CompletableFuture<?> ask(Group group) {
    if (!group.first) {
      long now = System.nanoTime();
      group.steps.forEach(step -> asked.putIfAbsent(step.id(), now));
    }
    return CompletableFuture.allOf(
        Stream.concat(
                Stream.of(router.requestCancel(ASKER, group.kind, group.id)),
                group.neighbours.stream()
                    .map(step -> router.requestCancel(ASKER, "assignment_id", step.id())))
            .toArray(CompletableFuture<?>[]::new));
  }

  private Group group(String kind, int endlessSteps, int fileSteps, int others) {
    List<Assignments> steps = new ArrayList<>();
    IntStream.range(0, endlessSteps).forEach(i -> steps.add(endlessStep()));
    IntStream.range(0, fileSteps).forEach(i -> steps.add(fileStep()));
    List<Assignments> beside = Stream.generate(this::neighbour).limit(others).toList();
    Assignments model = Assignments.echo().correlated();
    JsonNode correlation = model.json().path("correlation");
    steps.forEach(step -> step.with("correlation", correlation));
    beside.forEach(step -> step.with("correlation", correlation));
    String id =
        kind.equals("assignment_id")
            ? steps.getFirst().id()
            : correlation.path(kind).stringValue("");
    boolean quick = endlessSteps == 0;
    return new Group(
        kind,
        id,
        List.copyOf(steps),
        beside,
        random.nextInt(10) == 0,
        random.nextInt(10) == 0,
        random.between(0L, quick ? 500 : 4_000));
  }

  private Assignments endlessStep() {
    Assignments step =
        switch (random.nextInt(10)) {
          case 0, 1, 2, 3 -> asking("hang");
          case 4, 5, 6 -> Assignments.sleep(LONGEST_SLEEP_MS);
          default -> asking("failing").backoffMs(BACKOFF_MS);
        };
    endless.add(step.id());
    return step.deadlineMs(LONG_MS);
  }

  private Assignments fileStep() {
    Assignments step = Assignments.put("", CONTENT);
    step.input("path", file(step.id()).toString());
    if (random.nextInt(4) == 0) {
      step = Assignments.get(file(KNOWN).toString());
    }
    files.add(step.id());
    return step.deadlineMs(LONG_MS);
  }

  private Assignments neighbour() {
    String id = NEIGHBOUR + "-" + UUID.randomUUID();
    Assignments step =
        switch (random.nextInt(5)) {
          case 0 -> Assignments.http(pages.url("slow", id));
          case 1 -> Assignments.http(pages.url("flaky", id)).backoffMs(100);
          case 2 -> Assignments.sleep(200);
          case 3 -> Assignments.put(file(id).toString(), id);
          default -> Assignments.get(file(KNOWN).toString());
        };
    neighbours.add(id);
    return step.id(id).tenant("the-" + NEIGHBOUR).deadlineMs(LONG_MS);
  }

  private Assignments asking(String page) {
    Assignments step = Assignments.http("");
    return step.input("url", pages.url(page, step.id()));
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  /**
   * Steps that are cancelled by one request.
   *
   * @param kind which id the request names
   * @param id that id
   * @param neighbours steps of the other tenant with the same correlation
   * @param first whether the request comes before the steps
   * @param twice whether it is made once more
   * @param delayMs from the steps to the request
   */
  private record Group(
      String kind,
      String id,
      List<Assignments> steps,
      List<Assignments> neighbours,
      boolean first,
      boolean twice,
      long delayMs) {}
}
