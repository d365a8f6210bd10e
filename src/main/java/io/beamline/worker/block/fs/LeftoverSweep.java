package io.beamline.worker.block.fs;

import io.beamline.worker.block.fs.Leftover.CleanupDecision;
import io.beamline.worker.block.fs.Leftover.LockResult;
import io.beamline.worker.timeout.TimeSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Searches a root once and removes temporary files of killed workers. Not thread-safe. */
final class LeftoverSweep {

  private static final Logger log = LoggerFactory.getLogger(LeftoverSweep.class);

  private final String workerId;
  private final TimeSource time;
  private final Deque<Path> folders = new ArrayDeque<>();
  private boolean checkLater;

  /**
   * @param workerId the id of this worker
   */
  LeftoverSweep(String workerId, TimeSource time) {
    this.workerId = workerId;
    this.time = time;
  }

  /**
   * Sweeps a root and all folders below it. Stops early if the thread is interrupted. Skips folders
   * that cannot be read.
   *
   * @return whether files must be checked again later
   */
  boolean run(Path root) throws IOException {
    Path real;
    try {
      real = root.toRealPath();
    } catch (NoSuchFileException e) {
      return false;
    }
    folders.add(real);
    while (!folders.isEmpty() && !Thread.currentThread().isInterrupted()) {
      Path folder = folders.removeLast();
      try {
        sweep(real, folder);
      } catch (IOException | DirectoryIteratorException e) {
        log.debug("A folder could not be searched for leftovers", e);
      }
    }
    return checkLater;
  }

  private void sweep(Path root, Path path) throws IOException {
    Path inside = root.relativize(path);
    // Each folder is opened from the root, so that a deep tree does not hold many descriptors.
    try (Folder folder = Folder.walk(root, names(inside), false)) {
      for (Path entry : folder.entries()) {
        Path name = entry.getFileName();
        PosixFileAttributes attributes = folder.attributes(name);
        if (attributes != null && attributes.isDirectory()) {
          folders.add(path.resolve(name));
        } else if (attributes != null && attributes.isRegularFile()) {
          check(folder, name, attributes);
        }
      }
    }
  }

  private void check(Folder folder, Path name, PosixFileAttributes attributes) {
    TempName parsed = TempName.parse(name);
    if (parsed == null || parsed.isOfThisProcess()) {
      // Files of this process are not opened, because closing one would release its writer's lock.
      return;
    }
    Duration age = Duration.ofMillis(time.epochMillis() - attributes.lastModifiedTime().toMillis());
    try (FileChannel channel = folder.write(name)) {
      CleanupDecision decision = Leftover.decide(parsed, lock(channel), age, workerId);
      checkLater |= decision == CleanupDecision.CHECK_LATER;
      if (decision == CleanupDecision.REMOVE) {
        folder.delete(name);
        log.info("Removed a temporary file that a killed worker left");
      }
    } catch (IOException e) {
      log.debug("A temporary file could not be checked", e);
    }
  }

  private static LockResult lock(FileChannel channel) {
    try {
      return channel.tryLock() == null ? LockResult.HELD : LockResult.ACQUIRED;
    } catch (OverlappingFileLockException e) {
      return LockResult.HELD;
    } catch (IOException e) {
      return LockResult.UNSUPPORTED;
    }
  }

  private static Iterable<Path> names(Path inside) {
    return inside.toString().isEmpty() ? List.of() : inside;
  }
}
