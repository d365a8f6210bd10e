package io.beamline.worker.block.fs;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.ContentMemory.Reservation;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.FileLocation;
import io.beamline.worker.timeout.TimeSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Gives steps access to files: checks the path, then runs the operation on a file thread.
 * Thread-safe.
 */
final class FileStore {

  private final PermittedRoots roots;
  private final RealPaths paths;
  private final FileService service;
  private final TimeSource time;
  private final long maxBytes;
  private final String workerId;

  /**
   * @param maxBytes the largest content, in bytes
   * @param workerId the id that marks temporary files
   */
  FileStore(
      PermittedRoots roots, FileService service, TimeSource time, long maxBytes, String workerId) {
    this.roots = roots;
    this.paths = new RealPaths(roots);
    this.service = service;
    this.time = time;
    this.maxBytes = maxBytes;
    this.workerId = workerId;
  }

  /**
   * Writes a file atomically.
   *
   * @return the time of the file's last change, in ms since the epoch
   */
  long put(BlockCall call, String path, Content content, boolean overwrite)
      throws StepFailure, InterruptedException {
    FileLocation file = roots.locate(path);
    if (content.size() > maxBytes) {
      throw FileFailures.tooLarge(path, maxBytes);
    }
    return run(
        call,
        OperationKind.WRITE,
        file,
        new WritingOperation<>(put(file, content, overwrite), file));
  }

  /**
   * Reads a whole file.
   *
   * @param maxResultBytes the largest result that the NATS server accepts, in bytes
   * @param memory reserves memory for the content, and waits if too little is free; the caller
   *     closes it
   */
  GetFile.StoredFile get(BlockCall call, String path, long maxResultBytes, Reservation memory)
      throws StepFailure, InterruptedException {
    FileLocation file = roots.locate(path);
    ReadLimits limits = new ReadLimits(maxBytes, maxResultBytes, memory.maxBytes());
    GetFile get = new GetFile(paths, file, limits, memory);
    Optional<GetFile.StoredFile> found = run(call, OperationKind.READ, file, get);
    while (found.isEmpty()) {
      awaitMemory(call, path, memory);
      found = run(call, OperationKind.READ, file, get);
    }
    return found.get();
  }

  /** Waits on the thread of the step, because operations that can proceed need the file threads. */
  private void awaitMemory(BlockCall call, String path, Reservation memory)
      throws StepFailure, InterruptedException {
    TimeLimit limit = limit(call, OperationKind.READ);
    if (!memory.await(limit.time())) {
      throw limit.byDeadline() ? limit.exceeded() : FileFailures.noMemory(path);
    }
  }

  /**
   * Deletes a file.
   *
   * @return whether the file existed
   */
  boolean delete(BlockCall call, String path) throws StepFailure, InterruptedException {
    FileLocation file = roots.locate(path);
    return run(
        call,
        OperationKind.DELETE,
        file,
        new WritingOperation<>(new DeleteFile(paths, file), file));
  }

  /** Returns the root of a path. */
  String root(String path) throws StepFailure {
    return roots.locate(path).root().toString();
  }

  /**
   * Returns how many operations a root may have at once: if there are other roots, three quarters
   * of the file threads, so that a root that hangs does not take all. 0 if there is no such root.
   */
  int capacity(String root) {
    List<Path> folders = roots.folders();
    if (folders.stream().noneMatch(folder -> folder.toString().equals(root))) {
      return 0;
    }
    return folders.size() == 1 ? service.threads() : Math.max(1, service.threads() * 3 / 4);
  }

  /** Returns how many operations of a root hang although their steps gave them up. */
  int hanging(String root) {
    return service.stuckThreads(root);
  }

  private PutFile put(FileLocation file, Content content, boolean overwrite) {
    return new PutFile(paths, file, content, overwrite, workerId);
  }

  private <T> T run(
      BlockCall call, OperationKind kind, FileLocation file, FileOperation<T> operation)
      throws StepFailure, InterruptedException {
    return service.run(limit(call, kind), file.given(), file.root().toString(), operation);
  }

  private TimeLimit limit(BlockCall call, OperationKind kind) {
    return TimeLimit.of(kind, call.timeouts(), call.deadline(), time.nanos());
  }
}
