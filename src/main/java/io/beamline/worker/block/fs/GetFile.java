package io.beamline.worker.block.fs;

import io.beamline.worker.block.ContentMemory.Reservation;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.FileLocation;
import io.beamline.worker.block.fs.RealPaths.ResolvedLocation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole file. The result is empty if too little memory is free; then the reservation can
 * wait for it.
 *
 * @param file the file to read
 * @param limits how much may be read
 * @param memory the caller's reservation, which this operation retains while it runs
 */
record GetFile(RealPaths paths, FileLocation file, ReadLimits limits, Reservation memory)
    implements FileOperation<Optional<GetFile.StoredFile>> {

  private static final int ATTEMPTS = 100;

  /**
   * A file that was read.
   *
   * @param content the whole content
   * @param modifiedMillis the time of the last change, in ms since the epoch
   */
  record StoredFile(Content content, long modifiedMillis) {}

  /**
   * The result of one attempt to read the file.
   *
   * @param replaced whether the file was replaced between the check and the opening
   * @param file the file, null if too little memory was free
   */
  private record ReadAttempt(boolean replaced, @Nullable StoredFile file) {}

  @Override
  public Optional<StoredFile> run(Progress progress) throws StepFailure, IOException {
    if (!memory.retain()) {
      throw new AbandonedException();
    }
    try (memory) {
      return find(progress);
    }
  }

  /**
   * Goes to the file without following links, because most paths have none. Only where that does
   * not lead to a regular file, the links are resolved, which takes a system call for each name.
   */
  private Optional<StoredFile> find(Progress progress) throws StepFailure, IOException {
    ResolvedLocation plain = RealPaths.withoutLinks(file);
    if (plain != null) {
      try (Folder folder = Folder.parentWithoutLinks(plain)) {
        PosixFileAttributes seen = folder == null ? null : folder.attributes(plain.name());
        if (folder != null && seen != null && seen.isRegularFile()) {
          return read(folder, plain.name(), seen, progress);
        }
      }
    }
    ResolvedLocation place = paths.resolve(file);
    try (Folder folder = Folder.parentOf(place, false)) {
      return read(folder, place.name(), regular(folder, place.name()), progress);
    }
  }

  /** Reads the file of a name, also if it is replaced meanwhile. */
  private Optional<StoredFile> read(
      Folder folder, Path name, PosixFileAttributes seen, Progress progress)
      throws StepFailure, IOException {
    PosixFileAttributes before = seen;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      ReadAttempt result = readOnce(folder, name, before, progress);
      if (!result.replaced()) {
        return Optional.ofNullable(result.file());
      }
      before = regular(folder, name);
    }
    throw FileFailures.changed(file.given());
  }

  private ReadAttempt readOnce(
      Folder folder, Path name, PosixFileAttributes before, Progress progress)
      throws StepFailure, IOException {
    try (FileChannel channel = folder.read(name)) {
      PosixFileAttributes opened = regular(folder, name);
      if (!Objects.equals(before.fileKey(), opened.fileKey())) {
        return new ReadAttempt(true, null);
      }
      Content content =
          new ContentReader(limits, memory, file.given(), progress).readAll(channel, opened.size());
      return new ReadAttempt(
          false,
          content == null ? null : new StoredFile(content, opened.lastModifiedTime().toMillis()));
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
