package io.beamline.worker.block.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.FileLocation;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the links in a path and checks that it stays inside the roots. The result may become
 * outdated at any time, so {@link Folder} opens it without following links. It accesses the file
 * system, so only file threads use it.
 */
final class RealPaths {

  private final List<Path> roots;

  RealPaths(PermittedRoots roots) {
    this.roots = roots.folders();
  }

  /**
   * A file below a root, with no link left in the path as far as is known. It need not exist.
   *
   * @param root the real path of the root; with {@link #withoutLinks} as it is configured
   * @param inside the path relative to the root, at least one name
   */
  record ResolvedLocation(Path root, Path inside) {

    /** Returns the file's own name. */
    Path name() {
      return inside.getName(inside.getNameCount() - 1);
    }

    /** Returns the names of the folders between the root and the file. */
    List<Path> folders() {
      List<Path> names = new ArrayList<>();
      inside.forEach(names::add);
      names.removeLast();
      return names;
    }
  }

  /**
   * Returns where a file is if no folder between the root and the file is a link, nor the file
   * itself. It does not access the file system: {@link Folder#parentWithoutLinks} finds out whether
   * that is so. Returns null if the path has {@code ..}, which is only allowed after a folder.
   *
   * <p>The root is as it is configured. It may be a link, or lie behind one.
   */
  static @Nullable ResolvedLocation withoutLinks(FileLocation file) {
    return file.backtracked().isEmpty()
        ? new ResolvedLocation(file.root(), file.root().relativize(file.path()))
        : null;
  }

  /**
   * Resolves all links of a path, including its last part.
   *
   * @throws StepFailure PERMISSION_DENIED if it leads out of the roots or has a dangling link;
   *     INVALID_INPUT if {@code ..} follows a file or a link
   * @throws NoSuchFileException if the root does not exist
   */
  ResolvedLocation resolve(FileLocation file) throws IOException, StepFailure {
    requireFolders(file);
    return within(file, real(file, file.path()));
  }

  /** Resolves all links of a path except its last part. */
  ResolvedLocation resolveParent(FileLocation file) throws IOException, StepFailure {
    requireFolders(file);
    return within(file, realParent(file, file.path()));
  }

  /**
   * Checks that each {@code ..} follows a folder. The text alone decided where {@code ..} leads,
   * which would be wrong after a file or a link.
   */
  private void requireFolders(FileLocation file) throws IOException, StepFailure {
    for (Path folder : file.backtracked()) {
      ResolvedLocation place = within(file, realParent(file, folder));
      Path path = place.root().resolve(place.inside());
      if (Files.exists(path, NOFOLLOW_LINKS) && !Files.isDirectory(path, NOFOLLOW_LINKS)) {
        throw FileFailures.noFolder(file.given());
      }
    }
  }

  private static Path realParent(FileLocation file, Path path) throws IOException, StepFailure {
    return real(file, path.getParent()).resolve(path.getFileName());
  }

  /** Creates the root of a file if it does not exist. */
  static void createRoot(FileLocation file) throws IOException {
    try {
      Files.createDirectories(file.root());
    } catch (FileAlreadyExistsException e) {
      throw new NotDirectoryException(file.root().toString());
    }
  }

  /**
   * Returns the real path of the existing part of a path, followed by the part that does not exist.
   */
  private static Path real(FileLocation file, @Nullable Path path) throws IOException, StepFailure {
    if (path == null || path.equals(file.root())) {
      return file.root().toRealPath();
    }
    try {
      return path.toRealPath();
    } catch (IOException e) {
      if (!(e instanceof NoSuchFileException) && !FileFailures.isNotDirectory(e)) {
        throw e;
      }
      if (Files.isSymbolicLink(path)) {
        throw FileFailures.outside(file.given());
      }
      return real(file, path.getParent()).resolve(path.getFileName());
    }
  }

  private ResolvedLocation within(FileLocation file, Path real) throws IOException, StepFailure {
    Path own = file.root().toRealPath();
    if (real.startsWith(own)) {
      return place(file, own, real);
    }
    // The other roots are checked last, because one of them may hang.
    for (Path root : roots) {
      if (Files.exists(root) && real.startsWith(root.toRealPath())) {
        return place(file, root.toRealPath(), real);
      }
    }
    throw FileFailures.outside(file.given());
  }

  private static ResolvedLocation place(FileLocation file, Path root, Path real)
      throws StepFailure {
    if (real.equals(root)) {
      throw FileFailures.notRegular(file.given());
    }
    return new ResolvedLocation(root, root.relativize(real));
  }
}
