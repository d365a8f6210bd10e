package io.beamline.worker.block.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.beamline.worker.block.fs.RealPaths.Place;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
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
 * An open folder. Everything is done relative to the open descriptor and follows no link, so a link
 * or folder swapped in after the path was checked changes nothing. Names are single path elements.
 * For one file thread.
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
   * Opens the folder that a file lies in.
   *
   * @param make whether folders that do not exist are made
   */
  static Folder parentOf(Place file, boolean make) throws IOException {
    return walk(file.root(), file.folders(), make);
  }

  /**
   * Opens a folder below a root, by the root's real path and the names on the way.
   *
   * @param make whether folders that do not exist are made
   */
  static Folder walk(Path root, Iterable<Path> names, boolean make) throws IOException {
    Folder folder = ofRoot(root);
    for (Path name : names) {
      try (Folder parent = folder) {
        if (make) {
          parent.make(name);
        }
        folder = parent.child(name);
      }
    }
    return folder;
  }

  /**
   * Opens a folder in this one.
   *
   * @throws NotDirectoryException when it is something else
   * @throws FileSystemLoopException when it is a link
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
      // Checked before it is opened: the opening of a FIFO hangs.
      throw new NotDirectoryException(name.toString());
    }
    return new Folder(stream.newDirectoryStream(name, NOFOLLOW_LINKS), path.resolve(name));
  }

  private void make(Path name) throws IOException {
    if (attributes(name) == null) {
      Descriptors.within(path, folder -> makeIn(folder, name));
    }
  }

  private void makeIn(Path folder, Path name) throws IOException {
    try {
      Files.createDirectory(folder.resolve(name));
    } catch (FileAlreadyExistsException e) {
      // Another step has made it just now.
    }
    if (attributes(name) == null) {
      throw new NoSuchFileException(name.toString());
    }
  }

  /**
   * What is in the folder; to be asked for once.
   *
   * @throws java.nio.file.DirectoryIteratorException by the iterator
   */
  Iterable<Path> entries() {
    return stream;
  }

  /** What is there under a name, null when nothing is; of a link, the link itself. */
  @Nullable PosixFileAttributes attributes(Path name) throws IOException {
    try {
      return view(name).readAttributes();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Sets the permissions of a file. */
  void permit(Path name, Set<PosixFilePermission> permissions) throws IOException {
    view(name).setPermissions(permissions);
  }

  /** Opens a file that exists, for reading. */
  FileChannel read(Path name) throws IOException {
    return open(name, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS));
  }

  /** Opens a file that exists, for writing. */
  FileChannel write(Path name) throws IOException {
    return open(name, Set.of(StandardOpenOption.WRITE, NOFOLLOW_LINKS));
  }

  /** Makes a file and opens it for writing. */
  FileChannel create(Path name, FileAttribute<?>... attributes) throws IOException {
    return open(
        name,
        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, NOFOLLOW_LINKS),
        attributes);
  }

  /** Gives a file another name in one step; a file of that name is replaced. */
  void rename(Path from, Path to) throws IOException {
    stream.move(from, stream, to);
  }

  /**
   * Gives a file a second name in one step.
   *
   * @throws FileAlreadyExistsException when there is something of that name
   */
  void link(Path file, Path second) throws IOException {
    Descriptors.within(
        path, folder -> Files.createLink(folder.resolve(second), folder.resolve(file)));
  }

  /** Deletes a file or link. */
  void delete(Path name) throws IOException {
    stream.deleteFile(name);
  }

  /** Makes changes of names survive a power failure, where the file system can. */
  void sync() {
    try {
      force();
    } catch (IOException e) {
      // Some file systems cannot; the change itself is done.
    }
  }

  /** Has the system write the folder itself, wherever it lies by now. */
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
