package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.Located;
import io.beamline.worker.block.fs.RealPaths.Place;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Deletes a file. A link to a regular file inside the roots is deleted itself, its target stays.
 * Its result is whether there was anything.
 *
 * @param file the file
 */
record DeleteFile(RealPaths paths, Located file) implements FileOperation<Boolean> {

  @Override
  public Boolean run(Progress progress) throws StepFailure, IOException {
    try {
      Place place = paths.followParent(file);
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

  /** What the file, a link, leads to. */
  private PosixFileAttributes target() throws StepFailure, IOException {
    Place target = paths.follow(file);
    try (Folder folder = Folder.parentOf(target, false)) {
      PosixFileAttributes attributes = folder.attributes(target.name());
      if (attributes == null) {
        throw FileFailures.outside(file.given());
      }
      return attributes;
    }
  }
}
