package io.beamline.worker.block.fs;

import io.beamline.worker.block.ContentMemory.Reservation;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.Located;
import io.beamline.worker.block.fs.RealPaths.Place;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole file. Its result is empty when there is too little memory, which the reservation
 * then waits for.
 *
 * @param file the file
 * @param limits how much may be read
 * @param memory the caller's reservation; this operation joins it while it runs
 */
record GetFile(RealPaths paths, Located file, ReadLimits limits, Reservation memory)
    implements FileOperation<Optional<GetFile.Found>> {

  private static final int ATTEMPTS = 100;

  /**
   * What was read.
   *
   * @param content all of it
   * @param modifiedMillis when it was last written, in ms since the epoch
   */
  record Found(Content content, long modifiedMillis) {}

  /**
   * One try to read the file.
   *
   * @param replaced whether the file was replaced between the look at it and its opening
   * @param found what was read, null when there was too little memory
   */
  private record Look(boolean replaced, @Nullable Found found) {}

  @Override
  public Optional<Found> run(Progress progress) throws StepFailure, IOException {
    if (!memory.retain()) {
      throw new AbandonedException();
    }
    try (memory) {
      return find(progress);
    }
  }

  private Optional<Found> find(Progress progress) throws StepFailure, IOException {
    Place place = paths.follow(file);
    try (Folder folder = Folder.parentOf(place, false)) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Look look = read(folder, place.name(), progress);
        if (!look.replaced()) {
          return Optional.ofNullable(look.found());
        }
      }
    }
    throw FileFailures.changed(file.given());
  }

  private Look read(Folder folder, Path name, Progress progress) throws StepFailure, IOException {
    PosixFileAttributes before = regular(folder, name);
    try (FileChannel channel = folder.read(name)) {
      PosixFileAttributes opened = regular(folder, name);
      if (!Objects.equals(before.fileKey(), opened.fileKey())) {
        return new Look(true, null);
      }
      Content content =
          new ContentReader(limits, memory, file.given(), progress).readAll(channel, opened.size());
      return new Look(
          false, content == null ? null : new Found(content, opened.lastModifiedTime().toMillis()));
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
