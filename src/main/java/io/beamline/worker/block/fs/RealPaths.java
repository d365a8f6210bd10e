package io.beamline.worker.block.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.fs.PermittedRoots.Located;
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
 * Resolves the links in a path and checks that it stays within the roots. What it finds may change
 * at any time, so it is only where {@link Folder} starts to walk, which follows no link. Touches
 * the file system: for file threads only.
 */
final class RealPaths {

  private final List<Path> roots;

  RealPaths(PermittedRoots roots) {
    this.roots = roots.folders();
  }

  /**
   * A file below a root, all links resolved. It need not exist.
   *
   * @param root the real path of the root
   * @param inside the way from there, at least one name
   */
  record Place(Path root, Path inside) {

    /** The file's own name. */
    Path name() {
      return inside.getName(inside.getNameCount() - 1);
    }

    /** The names of the folders between the root and the file. */
    List<Path> folders() {
      List<Path> names = new ArrayList<>();
      inside.forEach(names::add);
      names.removeLast();
      return names;
    }
  }

  /**
   * The place that a path leads to, its last part included.
   *
   * @throws StepFailure PERMISSION_DENIED when it leads out of the roots, or to a link to nothing;
   *     INVALID_INPUT when {@code ..} follows a file or a link
   * @throws NoSuchFileException when the root does not exist
   */
  Place follow(Located file) throws IOException, StepFailure {
    requireFolders(file);
    return within(file, real(file, file.path()));
  }

  /** The same, but when the last part of the path is a link, the place of the link itself. */
  Place followParent(Located file) throws IOException, StepFailure {
    requireFolders(file);
    return within(file, realParent(file, file.path()));
  }

  /**
   * The text alone decides where {@code ..} leads, which is right only after a folder: after a file
   * it leads nowhere, and after a link to another place.
   */
  private void requireFolders(Located file) throws IOException, StepFailure {
    for (Path left : file.left()) {
      Place place = within(file, realParent(file, left));
      Path path = place.root().resolve(place.inside());
      if (Files.exists(path, NOFOLLOW_LINKS) && !Files.isDirectory(path, NOFOLLOW_LINKS)) {
        throw FileFailures.noFolder(file.given());
      }
    }
  }

  private static Path realParent(Located file, Path path) throws IOException, StepFailure {
    return real(file, path.getParent()).resolve(path.getFileName());
  }

  /** Makes the root of a file if it does not exist. */
  static void makeRoot(Located file) throws IOException {
    try {
      Files.createDirectories(file.root());
    } catch (FileAlreadyExistsException e) {
      throw new NotDirectoryException(file.root().toString());
    }
  }

  /** The real path of what exists of a path; what does not exist is appended as it is. */
  private static Path real(Located file, @Nullable Path path) throws IOException, StepFailure {
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

  private Place within(Located file, Path real) throws IOException, StepFailure {
    Path own = file.root().toRealPath();
    if (real.startsWith(own)) {
      return place(file, own, real);
    }
    // The other roots are looked at only now: one of them may hang.
    for (Path root : roots) {
      if (Files.exists(root) && real.startsWith(root.toRealPath())) {
        return place(file, root.toRealPath(), real);
      }
    }
    throw FileFailures.outside(file.given());
  }

  private static Place place(Located file, Path root, Path real) throws StepFailure {
    if (real.equals(root)) {
      throw FileFailures.notRegular(file.given());
    }
    return new Place(root, root.relativize(real));
  }
}
