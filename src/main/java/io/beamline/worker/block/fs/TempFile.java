package io.beamline.worker.block.fs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A temporary file that becomes the file, or nothing. While it is open it is locked, which tells
 * every {@link LeftoverCleaner} that its writer lives. For one file thread.
 */
final class TempFile implements Closeable {

  private static final Logger log = LoggerFactory.getLogger(TempFile.class);
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int ATTEMPTS = 10;

  private final Folder folder;
  private final Path name;
  private final FileChannel channel;
  private boolean renamed;

  private TempFile(Folder folder, Path name, FileChannel channel) {
    this.folder = folder;
    this.name = name;
    this.channel = channel;
  }

  /**
   * Makes an empty one.
   *
   * @param model a file whose permissions it gets, null for the default ones
   */
  static TempFile create(Folder folder, String workerId, @Nullable PosixFileAttributes model)
      throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Path name = TempName.next(workerId).path();
      TempFile file = new TempFile(folder, name, folder.create(name, permissions(model)));
      // Before the lock: this opens and closes the file, which would drop the process's lock.
      file.permit(model);
      if (file.claimed()) {
        return file;
      }
      file.close();
    }
    throw new IOException("Temporary files are taken away");
  }

  /** Writes the whole content and makes it survive a power failure. */
  void write(Content whole, Progress progress) throws IOException {
    ByteBuffer rest = whole.bytes();
    while (rest.hasRemaining()) {
      progress.checkpoint();
      int length = Math.min(CHUNK_BYTES, rest.remaining());
      int written = channel.write(rest.slice(rest.position(), length));
      rest.position(rest.position() + written);
    }
    progress.checkpoint();
    channel.force(true);
  }

  /** When it was last written, in ms since the epoch. */
  long modifiedMillis() throws IOException {
    PosixFileAttributes attributes = folder.attributes(name);
    if (attributes == null) {
      throw new NoSuchFileException(name.toString());
    }
    return attributes.lastModifiedTime().toMillis();
  }

  /** Becomes the file of this name, in one step, in the place of what is there. */
  void replace(Path target) throws IOException {
    folder.rename(name, target);
    renamed = true;
  }

  /**
   * Becomes the file of this name, in one step, if there is none. On a file system without hard
   * links a file that another program makes at the same moment may be replaced.
   *
   * @throws FileAlreadyExistsException when there is one
   */
  void become(Path target) throws IOException {
    try {
      folder.link(name, target);
    } catch (FileAlreadyExistsException | NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException noLinks) {
      if (folder.attributes(target) != null) {
        throw new FileAlreadyExistsException(target.toString());
      }
      replace(target);
    }
  }

  /** Removes it, unless it became the file. */
  @Override
  public void close() {
    try (channel) {
      if (!renamed) {
        folder.delete(name);
      }
    } catch (NoSuchFileException e) {
      // Taken away by others; it was to go anyway.
    } catch (IOException e) {
      log.warn("A temporary file could not be removed; the next start of a worker does it", e);
    }
  }

  /** Whether it is ours: a cleaner may have locked or removed it before we locked it. */
  private boolean claimed() throws IOException {
    try {
      return channel.tryLock() != null && folder.attributes(name) != null;
    } catch (IOException noLocks) {
      // The cleaner cannot lock either, and goes by the age.
      return folder.attributes(name) != null;
    }
  }

  private void permit(@Nullable PosixFileAttributes model) {
    if (model != null) {
      try {
        folder.permit(name, model.permissions());
      } catch (IOException e) {
        log.debug("The permissions of a replaced file could not be kept", e);
      }
    }
  }

  private static FileAttribute<?>[] permissions(@Nullable PosixFileAttributes model) {
    return model == null
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(model.permissions())};
  }
}
