package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.FileLocation;
import io.beamline.worker.block.fs.RealPaths.ResolvedLocation;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Deletes a file. Of a link to a regular file inside the roots, it deletes the link and not the
 * target. The result is true if the file existed.
 *
 * @param file the file to delete
 */
record DeleteFile(RealPaths paths, FileLocation file) implements FileOperation<Boolean> {

  @Override
  public Boolean run(Progress progress) throws StepFailure, IOException {
    try {
      ResolvedLocation place = paths.resolveParent(file);
      try (Folder folder = Folder.parentOf(place, false)) {
        return deleteFrom(folder, place.name(), progress);
      }
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private boolean deleteFrom(Folder folder, Path name, Progress progress)
      throws StepFailure, IOException {
    PosixFileAttributes attributes = folder.attributes(name);
    if (attributes == null) {
      return false;
    }
    FileContent.requireRegular(attributes.isSymbolicLink() ? target() : attributes, file.given());
    progress.claim();
    folder.delete(name);
    folder.sync();
    return true;
  }

  /** Returns the attributes of the target of a link. */
  private PosixFileAttributes target() throws StepFailure, IOException {
    ResolvedLocation target = paths.resolve(file);
    try (Folder folder = Folder.parentOf(target, false)) {
      PosixFileAttributes attributes = folder.attributes(target.name());
      if (attributes == null) {
        throw FileFailures.outside(file.given());
      }
      return attributes;
    }
  }
}
