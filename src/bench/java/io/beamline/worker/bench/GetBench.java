package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Files that are read, again and again. */
final class GetBench extends FileBench {

  private static final int FILES = 100;

  private final AtomicInteger number = new AtomicInteger();

  GetBench() {
    super(new Size(Row.GET_SMALL, 4 * 1024, 8_000), new Size(Row.GET_LARGE, 512 * 1024, 100));
  }

  @Override
  public String name() {
    return "gets";
  }

  @Override
  Object[] floorWork(Path folder) {
    return new Object[] {"get", folder, FILES};
  }

  @Override
  void prepare(Path folder, Size size) {
    try {
      for (int i = 0; i < FILES; i++) {
        Files.writeString(folder.resolve("f" + i), size.content());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  Round round(Side side, Path folder, Size size, int steps) {
    return side.round(
        steps,
        () ->
            Assignments.get(folder.getFileName() + "/f" + number.incrementAndGet() % FILES)
                .bytes());
  }
}
