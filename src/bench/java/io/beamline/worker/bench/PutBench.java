package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Files that are written. None is written twice: what it has already, the worker does not write.
 */
final class PutBench extends FileBench {

  private final AtomicInteger number = new AtomicInteger();

  PutBench() {
    super(new Size(Row.PUT_SMALL, 4 * 1024, 1_500), new Size(Row.PUT_LARGE, 512 * 1024, 100));
  }

  @Override
  public String name() {
    return "puts";
  }

  @Override
  Object[] floorWork(Path folder) {
    return new Object[] {"put", folder};
  }

  @Override
  void prepare(Path folder, Size size) {
    empty(folder);
  }

  @Override
  Round round(Side side, Path folder, Size size, int steps) {
    String content = size.content();
    Round round =
        side.round(
            steps,
            () ->
                Assignments.put(folder.getFileName() + "/s" + number.incrementAndGet(), content)
                    .bytes());
    empty(folder);
    return round;
  }
}
