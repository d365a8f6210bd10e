package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.FileLocation;
import io.beamline.worker.block.fs.RealPaths.ResolvedLocation;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Writes a file atomically: writes a temporary file in the same folder, then renames it. The result
 * is the time of the file's last change, in ms since the epoch.
 *
 * @param file the file to write
 * @param content the whole content
 * @param overwrite whether other content may be replaced
 * @param workerId the id that marks the temporary file
 */
record PutFile(
    RealPaths paths, FileLocation file, Content content, boolean overwrite, String workerId)
    implements FileOperation<Long> {

  @Override
  public Long run(Progress progress) throws StepFailure, IOException {
    try {
      RealPaths.createRoot(file);
      ResolvedLocation place = paths.resolve(file);
      progress.checkpoint();
      try (Folder folder = Folder.parentOf(place, true)) {
        return putInto(folder, place.name(), progress);
      }
    } catch (NoSuchFileException e) {
      // All folders existed or were created a moment ago.
      throw FileFailures.changed(file.given());
    }
  }

  private long putInto(Folder folder, Path name, Progress progress)
      throws StepFailure, IOException {
    PosixFileAttributes old = folder.attributes(name);
    if (old != null && hasContentAlready(folder, name, old, progress)) {
      return old.lastModifiedTime().toMillis();
    }
    try (TempFile temp = TempFile.create(folder, workerId, old)) {
      temp.write(content, progress);
      long modified = temp.modifiedMillis();
      progress.claim();
      if (overwrite) {
        temp.replace(name);
      } else {
        temp.moveIfAbsent(name);
      }
      folder.sync();
      return modified;
    } catch (FileAlreadyExistsException e) {
      return afterLostRace(folder, name, progress);
    }
  }

  /** Another writer was first, which is a success if it wrote the same content. */
  private long afterLostRace(Folder folder, Path name, Progress progress)
      throws StepFailure, IOException {
    PosixFileAttributes other = folder.attributes(name);
    if (other == null) {
      throw new NoSuchFileException(name.toString());
    }
    if (hasContentAlready(folder, name, other, progress)) {
      return other.lastModifiedTime().toMillis();
    }
    throw FileFailures.exists(file.given());
  }

  /**
   * Returns true if the existing file has the content already, false if it must be replaced.
   *
   * @throws StepFailure if it is not a regular file, or has another content and must stay
   */
  private boolean hasContentAlready(
      Folder folder, Path name, PosixFileAttributes old, Progress progress)
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
