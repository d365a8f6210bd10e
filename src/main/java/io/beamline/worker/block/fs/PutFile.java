package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.Located;
import io.beamline.worker.block.fs.RealPaths.Place;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Writes a file as a whole or not at all: to a temporary file in the same folder, then by one
 * change of name. Its result is when the file was last written, in ms since the epoch.
 *
 * @param file the file
 * @param content all of its content
 * @param overwrite whether other content may be replaced
 * @param workerId marks the temporary file
 */
record PutFile(RealPaths paths, Located file, Content content, boolean overwrite, String workerId)
    implements FileOperation<Long> {

  @Override
  public Long run(Progress progress) throws StepFailure, IOException {
    try {
      RealPaths.makeRoot(file);
      Place place = paths.follow(file);
      progress.checkpoint();
      try (Folder folder = Folder.parentOf(place, true)) {
        return putInto(folder, place.name(), progress);
      }
    } catch (NoSuchFileException e) {
      // Whatever was needed existed, or was made, a moment ago.
      throw FileFailures.changed(file.given());
    }
  }

  private long putInto(Folder folder, Path name, Progress progress)
      throws StepFailure, IOException {
    PosixFileAttributes old = folder.attributes(name);
    if (old != null && mayStay(folder, name, old, progress)) {
      return old.lastModifiedTime().toMillis();
    }
    try (TempFile temp = TempFile.create(folder, workerId, old)) {
      temp.write(content, progress);
      long modified = temp.modifiedMillis();
      progress.claim();
      if (overwrite) {
        temp.replace(name);
      } else {
        temp.become(name);
      }
      folder.sync();
      return modified;
    } catch (FileAlreadyExistsException e) {
      return afterLostRace(folder, name, progress);
    }
  }

  /** Another writer was first: fine when it wrote the same. */
  private long afterLostRace(Folder folder, Path name, Progress progress)
      throws StepFailure, IOException {
    PosixFileAttributes other = folder.attributes(name);
    if (other == null) {
      throw new NoSuchFileException(name.toString());
    }
    if (mayStay(folder, name, other, progress)) {
      return other.lastModifiedTime().toMillis();
    }
    throw FileFailures.exists(file.given());
  }

  /** Whether what is there has the content already; false when it is to be replaced. */
  private boolean mayStay(Folder folder, Path name, PosixFileAttributes old, Progress progress)
      throws StepFailure, IOException {
    FileContent.requireRegular(old, file.given());
    boolean same =
        old.size() == content.size() && FileContent.equals(folder, name, content, progress);
    if (!same && !overwrite) {
      throw FileFailures.exists(file.given());
    }
    return same;
  }
}
