package io.beamline.worker.block.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.block.StepFailure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Locates the file of a job's path below the permitted root folders (contract section 4). It uses
 * only the text of the path and never accesses the file system. Immutable.
 */
final class PermittedRoots {

  /** The longest path of Linux; it also bounds the work for one path. */
  private static final int MAX_BYTES = 4_095;

  private final List<Root> roots;

  /**
   * @param roots the folders, at least one; relative paths belong to the first
   */
  PermittedRoots(List<Path> roots) {
    this.roots = roots.stream().map(Root::of).toList();
  }

  /**
   * A file below a root, before links are resolved.
   *
   * @param given the path as the job gave it
   * @param root the root, absolute
   * @param path the file, absolute and without {@code .} and {@code ..}; never the root itself
   * @param backtracked the paths before each {@code ..}, absolute; each must be a folder
   */
  record FileLocation(String given, Path root, Path path, List<Path> backtracked) {}

  /** Returns the absolute roots in their order. */
  List<Path> folders() {
    return roots.stream().map(Root::absolute).toList();
  }

  /**
   * Locates the file of a path.
   *
   * @throws StepFailure PERMISSION_DENIED if it is outside the roots; INVALID_INPUT if it is empty,
   *     a root, ends like a folder, is malformed or too long, or has the name of a temporary file
   */
  FileLocation locate(String given) throws StepFailure {
    Path path = withoutDots(parse(given));
    for (Root root : roots) {
      Path rest = root.restOf(path);
      if (rest != null && staysInside(rest)) {
        return located(given, root, rest);
      }
    }
    Root first = roots.getFirst();
    if (path.isAbsolute() || !staysInside(path) || startsWithAnyRoot(path)) {
      throw FileFailures.outside(given);
    }
    return located(given, first, path);
  }

  private boolean startsWithAnyRoot(Path path) {
    return roots.stream().anyMatch(root -> root.restOf(path) != null);
  }

  private static FileLocation located(String given, Root root, Path rest) throws StepFailure {
    Path path = root.absolute().resolve(rest).normalize();
    requireShort(path.toString());
    if (path.equals(root.absolute())) {
      throw FileFailures.namesNoFile(given);
    }
    if (endsAsFolder(given)) {
      throw FileFailures.namesFolder(given);
    }
    if (TempName.matches(path.getFileName())) {
      throw FileFailures.invalidPath(given);
    }
    return new FileLocation(given, root.absolute(), path, backtracked(root, rest));
  }

  /** Returns whether the text ends like a folder. A {@link Path} has lost a final slash. */
  private static boolean endsAsFolder(String given) {
    String end = given.substring(given.lastIndexOf('/') + 1);
    return end.isEmpty() || end.equals(".") || end.equals("..");
  }

  private static List<Path> backtracked(Root root, Path rest) {
    List<Path> folders = new ArrayList<>();
    Path path = root.absolute();
    for (Path part : rest) {
      if (part.toString().equals("..")) {
        folders.add(path);
      }
      path = path.resolve(part).normalize();
    }
    return folders;
  }

  private static Path parse(String given) throws StepFailure {
    if (given.isEmpty()) {
      throw FileFailures.namesNoFile(given);
    }
    requireShort(given);
    try {
      return Path.of(given);
    } catch (InvalidPathException e) {
      NameEncoding encoding = NameEncoding.ofThisProcess();
      throw encoding.cannotEncode(given)
          ? FileFailures.notEncodable(given, encoding.charset().name())
          : FileFailures.invalidPath(given);
    }
  }

  private static void requireShort(String path) throws StepFailure {
    if (path.length() > MAX_BYTES || path.getBytes(UTF_8).length > MAX_BYTES) {
      throw FileFailures.tooLong(MAX_BYTES);
    }
  }

  /** Removes the {@code .} parts but, unlike {@link Path#normalize}, keeps {@code ..}. */
  private static Path withoutDots(Path path) {
    Path result = path.isAbsolute() ? path.getRoot() : Path.of("");
    for (Path part : path) {
      if (!part.toString().equals(".")) {
        result = result.resolve(part);
      }
    }
    return result;
  }

  /** Returns whether no prefix of the relative path leads above its start. */
  private static boolean staysInside(Path relative) {
    int depth = 0;
    for (Path part : relative) {
      depth += part.toString().equals("..") ? -1 : 1;
      if (depth < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param text the configured root without {@code .} parts
   * @param absolute the same, absolute and normalized
   */
  private record Root(Path text, Path absolute) {

    static Root of(Path configured) {
      return new Root(withoutDots(configured), configured.toAbsolutePath().normalize());
    }

    /**
     * Returns the rest of a path after the root, or null if the path does not start with the root.
     */
    @Nullable Path restOf(Path path) {
      Path start = path.isAbsolute() ? absolute : text;
      if (start.toString().isEmpty() || !path.startsWith(start)) {
        return null;
      }
      // Path.relativize would resolve ".." before it is checked.
      int names = start.getNameCount();
      return path.getNameCount() == names ? Path.of("") : path.subpath(names, path.getNameCount());
    }
  }
}
