package io.beamline.worker.block.fs;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.Located;
import io.beamline.worker.timeout.TimeSource;

/** The files that steps may touch: checks the path, then has a file thread do the work. */
final class FileStore {

  private final PermittedRoots roots;
  private final RealPaths paths;
  private final FileService service;
  private final TimeSource time;
  private final long maxBytes;
  private final String workerId;

  /**
   * @param maxBytes the largest content
   * @param workerId marks temporary files
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
   * Writes a file as a whole or not at all.
   *
   * @return when the file was last written, in ms since the epoch
   */
  long put(BlockCall call, String path, Content content, boolean overwrite)
      throws StepFailure, InterruptedException {
    Located file = roots.locate(path);
    if (content.size() > maxBytes) {
      throw FileFailures.tooLarge(path, maxBytes);
    }
    return run(call, OperationKind.WRITE, file, put(file, content, overwrite));
  }

  /** Reads a whole file. */
  GetFile.Found get(BlockCall call, String path) throws StepFailure, InterruptedException {
    Located file = roots.locate(path);
    return run(call, OperationKind.READ, file, new GetFile(paths, file, maxBytes));
  }

  /**
   * Deletes a file.
   *
   * @return whether there was one
   */
  boolean delete(BlockCall call, String path) throws StepFailure, InterruptedException {
    Located file = roots.locate(path);
    return run(call, OperationKind.DELETE, file, new DeleteFile(paths, file));
  }

  private PutFile put(Located file, Content content, boolean overwrite) {
    return new PutFile(paths, file, content, overwrite, workerId);
  }

  private <T> T run(BlockCall call, OperationKind kind, Located file, FileOperation<T> operation)
      throws StepFailure, InterruptedException {
    TimeLimit limit = TimeLimit.of(kind, call.timeouts(), call.deadline(), time.nanos());
    return service.run(limit, file.given(), operation);
  }
}
