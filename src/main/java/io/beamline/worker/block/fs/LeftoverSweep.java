package io.beamline.worker.block.fs;

import io.beamline.worker.block.fs.Leftover.Lock;
import io.beamline.worker.block.fs.Leftover.Verdict;
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

/** Goes once through a root and removes the temporary files that killed workers left. */
final class LeftoverSweep {

  private static final Logger log = LoggerFactory.getLogger(LeftoverSweep.class);

  private final String workerId;
  private final TimeSource time;
  private final Deque<Path> folders = new ArrayDeque<>();
  private boolean later;

  /**
   * @param workerId the id of the worker that sweeps
   */
  LeftoverSweep(String workerId, TimeSource time) {
    this.workerId = workerId;
    this.time = time;
  }

  /**
   * Sweeps a root and all folders below it; ends early when the thread is interrupted. A folder
   * that cannot be read is left out.
   *
   * @return whether there are files that may turn out to be leftovers later
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
    return later;
  }

  private void sweep(Path root, Path path) throws IOException {
    Path inside = root.relativize(path);
    // Opened anew from the root for each, so that a deep tree does not hold many descriptors.
    try (Folder folder = Folder.walk(root, names(inside), false)) {
      for (Path entry : folder.entries()) {
        Path name = entry.getFileName();
        PosixFileAttributes attributes = folder.attributes(name);
        if (attributes != null && attributes.isDirectory()) {
          folders.add(path.resolve(name));
        } else if (attributes != null && attributes.isRegularFile()) {
          look(folder, name, attributes);
        }
      }
    }
  }

  private void look(Folder folder, Path name, PosixFileAttributes attributes) {
    TempName parsed = TempName.parse(name);
    if (parsed == null || parsed.isOfThisProcess()) {
      // Not even opened when ours: closing it would drop its writer's lock.
      return;
    }
    Duration age = Duration.ofMillis(time.epochMillis() - attributes.lastModifiedTime().toMillis());
    try (FileChannel channel = folder.write(name)) {
      Verdict verdict = Leftover.judge(parsed, lock(channel), age, workerId);
      later |= verdict == Verdict.LATER;
      if (verdict == Verdict.REMOVE) {
        folder.delete(name);
        log.info("Removed a temporary file that a killed worker left");
      }
    } catch (IOException e) {
      log.debug("A temporary file could not be checked", e);
    }
  }

  private static Lock lock(FileChannel channel) {
    try {
      return channel.tryLock() == null ? Lock.HELD : Lock.TAKEN;
    } catch (OverlappingFileLockException e) {
      return Lock.HELD;
    } catch (IOException e) {
      return Lock.NONE;
    }
  }

  private static Iterable<Path> names(Path inside) {
    return inside.toString().isEmpty() ? List.of() : inside;
  }
}
