package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.FileLocation;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Adds the error of a read-only file system to an operation that writes. NIO has no exception type
 * for it, so after an untyped failure this checks the file system itself.
 *
 * @param operation the operation
 * @param file the file that it writes
 */
record WritingOperation<T>(FileOperation<T> operation, FileLocation file)
    implements FileOperation<T> {

  @Override
  public T run(Progress progress) throws StepFailure, IOException {
    try {
      return operation.run(progress);
    } catch (IOException e) {
      if (hasNoType(e) && isReadOnly()) {
        AccessDeniedException denied = new AccessDeniedException(file.path().toString());
        denied.initCause(e);
        throw denied;
      }
      throw e;
    }
  }

  private static boolean hasNoType(IOException e) {
    return e.getClass() == FileSystemException.class || e.getClass() == IOException.class;
  }

  private boolean isReadOnly() {
    @Nullable Path existing = file.path();
    while (existing != null && Files.notExists(existing)) {
      existing = existing.getParent();
    }
    try {
      return existing != null && Files.getFileStore(existing).isReadOnly();
    } catch (IOException e) {
      return false;
    }
  }
}
