package io.beamline.worker.block.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program that starts to replace a file, and then waits in the middle to be killed. */
final class SlowWriter {

  private SlowWriter() {}

  /** Arguments: the root, the id of the worker. */
  public static void main(String[] arguments) throws Exception {
    PermittedRoots roots = new PermittedRoots(List.of(Path.of(arguments[0])));
    Content content = new Content(UTF_8.encode("new".repeat(100_000)));
    new PutFile(new RealPaths(roots), roots.locate("file"), content, true, arguments[1])
        .run(new StopsInTheMiddle());
  }

  private static final class StopsInTheMiddle implements Progress {

    private int chunks;

    @Override
    public void checkpoint() {
      if (++chunks == 3) {
        System.out.println("in the middle");
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public void claim() {}
  }
}
