package io.beamline.worker.block.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.beamline.worker.block.fs.RealPaths.ResolvedLocation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open folder. All operations are relative to the open descriptor and follow no link. So it does
 * not matter if a link or folder is swapped in after the path was checked. Names are single path
 * elements. Not thread-safe: one file thread uses it.
 */
final class Folder implements Closeable {

  private static final Path ITSELF = Path.of(".");

  private final SecureDirectoryStream<Path> stream;
  private final Path path;

  private Folder(SecureDirectoryStream<Path> stream, Path path) {
    this.stream = stream;
    this.path = path;
  }

  @SuppressWarnings("StreamResourceLeak") // The folder closes the stream.
  private static Folder ofRoot(Path root) throws IOException {
    DirectoryStream<Path> opened = Files.newDirectoryStream(root);
    if (opened instanceof SecureDirectoryStream<Path> secure) {
      return new Folder(secure, root);
    }
    opened.close();
    throw new IOException("The platform cannot walk folders without following links");
  }

  /**
   * Opens the folder that contains a file.
   *
   * @param create whether to create folders that do not exist
   */
  static Folder parentOf(ResolvedLocation file, boolean create) throws IOException {
    return walk(file.root(), file.folders(), create);
  }

  /**
   * Opens the folder that contains a file, or returns null if that takes links to be followed, a
   * folder is missing, or one must not be read: its links may lead to where reading is allowed.
   *
   * <p>This needs no real path: nothing below the root is followed, each folder is opened in the
   * one before, and so the file lies in the root that the path has at this moment. A file that is a
   * link is not followed either, as everywhere in this class.
   */
  static @Nullable Folder parentWithoutLinks(ResolvedLocation file) throws IOException {
    try {
      return walk(file.root(), file.folders(), false);
    } catch (NoSuchFileException
        | FileSystemLoopException
        | NotDirectoryException
        | AccessDeniedException e) {
      return null;
    }
  }

  /**
   * Opens a folder below a root.
   *
   * @param root the root, which is followed if it is a link
   * @param names the names of the folders on the way
   * @param create whether to create folders that do not exist
   */
  static Folder walk(Path root, Iterable<Path> names, boolean create) throws IOException {
    Folder folder = ofRoot(root);
    for (Path name : names) {
      try (Folder parent = folder) {
        if (create) {
          parent.createFolder(name);
        }
        folder = parent.child(name);
      }
    }
    return folder;
  }

  /**
   * Opens a folder in this one.
   *
   * @throws NotDirectoryException if it is not a folder
   * @throws FileSystemLoopException if it is a link
   */
  private Folder child(Path name) throws IOException {
    PosixFileAttributes attributes = attributes(name);
    if (attributes == null) {
      throw new NoSuchFileException(name.toString());
    }
    if (attributes.isSymbolicLink()) {
      throw new FileSystemLoopException(name.toString());
    }
    if (!attributes.isDirectory()) {
      // Checked before the opening, because opening a FIFO hangs.
      throw new NotDirectoryException(name.toString());
    }
    return new Folder(stream.newDirectoryStream(name, NOFOLLOW_LINKS), path.resolve(name));
  }

  private void createFolder(Path name) throws IOException {
    if (attributes(name) == null) {
      DescriptorPaths.runIn(path, folder -> createFolderIn(folder, name));
    }
  }

  private void createFolderIn(Path folder, Path name) throws IOException {
    try {
      Files.createDirectory(folder.resolve(name));
    } catch (FileAlreadyExistsException e) {
      // Another step has just created it.
    }
    if (attributes(name) == null) {
      throw new NoSuchFileException(name.toString());
    }
  }

  /**
   * Returns the entries of the folder. It may be called once.
   *
   * @throws java.nio.file.DirectoryIteratorException from the iterator
   */
  Iterable<Path> entries() {
    return stream;
  }

  /** Returns the attributes of an entry, or null if it does not exist. Links are not followed. */
  @Nullable PosixFileAttributes attributes(Path name) throws IOException {
    try {
      return view(name).readAttributes();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Sets the permissions of a file. */
  void setPermissions(Path name, Set<PosixFilePermission> permissions) throws IOException {
    view(name).setPermissions(permissions);
  }

  /** Opens an existing file for reading. */
  FileChannel read(Path name) throws IOException {
    return open(name, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS));
  }

  /** Opens an existing file for writing. */
  FileChannel write(Path name) throws IOException {
    return open(name, Set.of(StandardOpenOption.WRITE, NOFOLLOW_LINKS));
  }

  /** Creates a file and opens it for writing. */
  FileChannel create(Path name, FileAttribute<?>... attributes) throws IOException {
    return open(
        name,
        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, NOFOLLOW_LINKS),
        attributes);
  }

  /** Renames a file atomically and replaces a file of the new name. */
  void rename(Path from, Path to) throws IOException {
    stream.move(from, stream, to);
  }

  /**
   * Creates a hard link to a file atomically.
   *
   * @throws FileAlreadyExistsException if the name exists
   */
  void link(Path file, Path second) throws IOException {
    DescriptorPaths.runIn(
        path, folder -> Files.createLink(folder.resolve(second), folder.resolve(file)));
  }

  /** Deletes a file or link. */
  void delete(Path name) throws IOException {
    stream.deleteFile(name);
  }

  /** Makes name changes survive a power failure, if the file system supports that. */
  void sync() {
    try {
      force();
    } catch (IOException e) {
      // Some file systems do not support it; the change itself is done.
    }
  }

  /** Writes the folder to the disk, wherever it is now. */
  void force() throws IOException {
    try (FileChannel itself = open(ITSELF, Set.of(StandardOpenOption.READ))) {
      itself.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private PosixFileAttributeView view(Path name) {
    return stream.getFileAttributeView(name, PosixFileAttributeView.class, NOFOLLOW_LINKS);
  }

  private FileChannel open(
      Path name, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return (FileChannel) stream.newByteChannel(name, options, attributes);
  }
}
