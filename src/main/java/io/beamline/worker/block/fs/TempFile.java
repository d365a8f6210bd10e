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
 * A temporary file that is renamed to the final file, or removed. It is locked while it is open, so
 * a {@link LeftoverCleaner} knows that its writer lives. Not thread-safe: one file thread uses it.
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
   * Creates an empty temporary file.
   *
   * @param model a file whose permissions are copied, null for the default permissions
   */
  static TempFile create(Folder folder, String workerId, @Nullable PosixFileAttributes model)
      throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Path name = TempName.next(workerId).path();
      TempFile file = new TempFile(folder, name, folder.create(name, permissions(model)));
      // Before the lock, because this opens and closes the file, which would release the lock.
      file.keepPermissions(model);
      if (file.isOurs()) {
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

  /** Returns the time of the last change, in ms since the epoch. */
  long modifiedMillis() throws IOException {
    PosixFileAttributes attributes = folder.attributes(name);
    if (attributes == null) {
      throw new NoSuchFileException(name.toString());
    }
    return attributes.lastModifiedTime().toMillis();
  }

  /** Renames it to this name atomically, and replaces an existing file. */
  void replace(Path target) throws IOException {
    folder.rename(name, target);
    renamed = true;
  }

  /**
   * Renames it to this name atomically if no such file exists. Without hard links in the file
   * system, it may replace a file that another program creates at the same moment.
   *
   * @throws FileAlreadyExistsException if the file exists
   */
  void moveIfAbsent(Path target) throws IOException {
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

  /** Removes it, unless it was renamed. */
  @Override
  public void close() {
    try (channel) {
      if (!renamed) {
        folder.delete(name);
      }
    } catch (NoSuchFileException e) {
      // Another program has removed it already.
    } catch (IOException e) {
      log.warn("A temporary file could not be removed; the next start of a worker does it", e);
    }
  }

  /** Locks it. Returns false if a cleaner has locked or removed it before. */
  private boolean isOurs() throws IOException {
    try {
      return channel.tryLock() != null && folder.attributes(name) != null;
    } catch (IOException noLocks) {
      // A cleaner cannot lock it either, and decides by the age.
      return folder.attributes(name) != null;
    }
  }

  private void keepPermissions(@Nullable PosixFileAttributes model) {
    if (model != null) {
      try {
        folder.setPermissions(name, model.permissions());
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
