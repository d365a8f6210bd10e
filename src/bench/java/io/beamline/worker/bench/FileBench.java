package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.util.FileSystemUtils;

/**
 * Files of one size, written and read.
 *
 * @param bytes the size of a file
 * @param put what its writes tell
 * @param writes the writes of a round
 * @param get what its reads tell
 * @param reads the reads of a round
 */
record FileBench(int bytes, Row put, int writes, Row get, int reads) implements Bench {

  private static final int CONCURRENCY = 32;
  private static final int FILES = 100;

  @Override
  public String name() {
    return "files of " + bytes / 1024 + " KiB";
  }

  @Override
  public List<Row> rows() {
    return List.of(put, get);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    Path folder = temporary();
    try {
      return List.of(write(effort, folder), read(effort, folder));
    } finally {
      delete(folder);
    }
  }

  private Figure write(Effort effort, Path root) {
    Path folder = root.resolve("put");
    make(folder);
    AtomicInteger number = new AtomicInteger();
    String content = "x".repeat(bytes);
    Supplier<byte[]> step =
        () -> Assignments.put("put/s" + number.incrementAndGet(), content).bytes();
    try (Side floor = Side.floor(CONCURRENCY, "put", folder, bytes);
        Side worker = Side.worker(builder -> settings(builder, root))) {
      int count = effort.steps(writes);
      return figure(put, effort, floor, worker, side -> writes(side, count, step, folder));
    }
  }

  private Figure read(Effort effort, Path root) {
    Path folder = root.resolve("get");
    make(folder);
    fill(folder);
    AtomicInteger number = new AtomicInteger();
    Supplier<byte[]> step =
        () -> Assignments.get("get/f" + number.incrementAndGet() % FILES).bytes();
    try (Side floor = Side.floor(CONCURRENCY, "get", folder, FILES);
        Side worker = Side.worker(builder -> settings(builder, root))) {
      int count = effort.steps(reads);
      return figure(get, effort, floor, worker, side -> side.round(count, step));
    }
  }

  private Figure figure(
      Row row, Effort effort, Side floor, Side worker, Function<Side, Round> round) {
    List<List<Round>> rounds =
        Turns.take(effort.deep(), List.of(() -> round.apply(floor), () -> round.apply(worker)));
    floor.assertSuccess();
    worker.assertSuccess();
    return Figure.ratio(
        row, Series.of(rounds.get(1), Round::rate), Series.of(rounds.get(0), Round::rate));
  }

  /** Nothing is written twice: what a file has already, the worker does not write again. */
  private static Round writes(Side side, int count, Supplier<byte[]> step, Path folder) {
    Round round = side.round(count, step);
    empty(folder);
    return round;
  }

  private static WorkerProcess.Builder settings(WorkerProcess.Builder worker, Path root) {
    return worker
        .env("WORKER_BLOCKS_FS_ROOTS", root.toString())
        .env("WORKER_POOLS_IO_CONCURRENCY", "" + CONCURRENCY);
  }

  private void fill(Path folder) {
    try {
      for (int i = 0; i < FILES; i++) {
        Files.writeString(folder.resolve("f" + i), "x".repeat(bytes));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("beamline-bench-").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void make(Path folder) {
    try {
      Files.createDirectory(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void empty(Path folder) {
    delete(folder);
    make(folder);
  }

  private static void delete(Path folder) {
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
