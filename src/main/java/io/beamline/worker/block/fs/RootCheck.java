package io.beamline.worker.block.fs;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.beamline.worker.observability.health.StartCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/** Looks at the folders in which file steps work. Used by one thread. */
final class RootCheck implements StartCheck {

  /** A folder whose disk hangs is given up. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final PermittedRoots roots;

  RootCheck(PermittedRoots roots) {
    this.roots = roots;
  }

  @Override
  public List<StartFinding> look() {
    return roots.folders().stream().map(RootCheck::look).toList();
  }

  private static StartFinding look(Path root) {
    String subject = "root " + root;
    FutureTask<StartFinding> task = new FutureTask<>(() -> finding(subject, root));
    Thread.ofPlatform().daemon().name("root-check").start(task);
    try {
      return task.get(PATIENCE.toNanos(), NANOSECONDS);
    } catch (TimeoutException e) {
      return StartFinding.fault(subject, "its disk does not answer within 5 s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return StartFinding.fault(subject, "interrupted");
    } catch (ExecutionException e) {
      return StartFinding.fault(subject, "cannot be looked at: " + e.getCause());
    }
  }

  private static StartFinding finding(String subject, Path root) {
    if (!Files.exists(root)) {
      return mayBeMade(root)
          ? StartFinding.ok(subject, "is not there yet: the first fs.blob_put in it makes it")
          : StartFinding.warning(subject, "is not there, and the worker's user cannot make it");
    }
    if (!Files.isDirectory(root)) {
      return StartFinding.fault(subject, "is no folder");
    }
    if (!Files.isReadable(root) || !Files.isExecutable(root)) {
      return StartFinding.fault(subject, "cannot be read by the worker's user");
    }
    return Files.isWritable(root)
        ? StartFinding.ok(subject, "can be read and written")
        : StartFinding.warning(subject, "can be read, and not written by the worker's user");
  }

  /** Whether the nearest folder above it that exists can be written. */
  private static boolean mayBeMade(Path root) {
    Path above = root.getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    return above != null && Files.isDirectory(above) && Files.isWritable(above);
  }
}
