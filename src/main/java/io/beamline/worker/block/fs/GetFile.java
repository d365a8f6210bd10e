package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.Located;
import io.beamline.worker.block.fs.RealPaths.Place;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole file.
 *
 * @param file the file
 * @param maxBytes the largest content
 */
record GetFile(RealPaths paths, Located file, long maxBytes)
    implements FileOperation<GetFile.Found> {

  private static final int ATTEMPTS = 100;

  /**
   * What was read.
   *
   * @param content all of it
   * @param modifiedMillis when it was last written, in ms since the epoch
   */
  record Found(Content content, long modifiedMillis) {}

  @Override
  public Found run(Progress progress) throws StepFailure, IOException {
    Place place = paths.follow(file);
    try (Folder folder = Folder.parentOf(place, false)) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Found found = read(folder, place.name(), progress);
        if (found != null) {
          return found;
        }
      }
    }
    throw FileFailures.changed(file.given());
  }

  /** The file, null when it was replaced between the look at it and its opening. */
  private @Nullable Found read(Folder folder, Path name, Progress progress)
      throws StepFailure, IOException {
    PosixFileAttributes before = regular(folder, name);
    try (FileChannel channel = folder.read(name)) {
      PosixFileAttributes opened = regular(folder, name);
      if (!Objects.equals(before.fileKey(), opened.fileKey())) {
        return null;
      }
      Content content =
          FileContent.readAll(channel, opened.size(), maxBytes, file.given(), progress);
      return new Found(content, opened.lastModifiedTime().toMillis());
    }
  }

  private PosixFileAttributes regular(Folder folder, Path name) throws StepFailure, IOException {
    PosixFileAttributes attributes = folder.attributes(name);
    if (attributes == null) {
      throw FileFailures.missing(file.given());
    }
    FileContent.requireRegular(attributes, file.given());
    return attributes;
  }
}
