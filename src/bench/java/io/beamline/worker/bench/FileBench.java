package io.beamline.worker.bench;

import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/**
 * Files of two sizes: small ones, and then large ones on the same sides, which are warm by then.
 */
abstract class FileBench implements Bench {

  private static final int CONCURRENCY = 32;

  private final Size small;
  private final Size large;

  FileBench(Size small, Size large) {
    this.small = small;
    this.large = large;
  }

  /**
   * Files of one size.
   *
   * @param row what they tell
   * @param bytes how large each is
   * @param steps how many there are in a round; the floor takes all at once, which for a server is
   *     64 MiB at most
   */
  record Size(Row row, int bytes, int steps) {

    /** What is in each. */
    String content() {
      return "x".repeat(bytes);
    }
  }

  /** What the floor does, and what it needs for it. */
  abstract Object[] floorWork(Path folder);

  /** Makes the folder what the rounds of a size find. */
  abstract void prepare(Path folder, Size size);

  /**
   * A round.
   *
   * @param folder below the root, which is the folder above it
   */
  abstract Round round(Side side, Path folder, Size size, int steps);

  @Override
  public final List<Row> rows() {
    return List.of(small.row(), large.row());
  }

  @Override
  public final List<Figure> measure(Effort effort) {
    Path root = temporary();
    Path folder = root.resolve(name());
    make(folder);
    try (Side floor = Side.floor(CONCURRENCY, floorWork(folder));
        Side worker = Side.worker(builder -> settings(builder, root))) {
      List<Figure> figures = new ArrayList<>();
      figures.add(figure(small, effort.deep(), floor, worker, folder));
      if (effort.form().has(large.row())) {
        figures.add(figure(large, effort, floor, worker, folder));
      }
      floor.assertSuccess();
      worker.assertSuccess();
      return figures;
    } finally {
      delete(root);
    }
  }

  private Figure figure(Size size, Effort effort, Side floor, Side worker, Path folder) {
    prepare(folder, size);
    int steps = effort.steps(size.steps());
    List<List<Round>> rounds =
        Turns.take(
            effort,
            List.of(
                () -> round(floor, folder, size, steps), () -> round(worker, folder, size, steps)));
    return Figure.ratio(
        size.row(), Series.of(rounds.get(1), Round::rate), Series.of(rounds.get(0), Round::rate));
  }

  private static WorkerProcess.Builder settings(WorkerProcess.Builder worker, Path root) {
    return worker
        .env("WORKER_BLOCKS_FS_ROOTS", root.toString())
        .env("WORKER_POOLS_IO_CONCURRENCY", "" + CONCURRENCY);
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

  /** Deletes what is in a folder. */
  static void empty(Path folder) {
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
