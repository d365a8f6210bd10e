package io.beamline.worker.block.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.block.StepFailure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folders whose files may be touched, and which file a job's path means (contract section 4).
 * Looks at the text only, never at the file system. Immutable.
 */
final class PermittedRoots {

  /** Linux takes no longer path, and what walks a path must not be kept busy for ever. */
  private static final int LONGEST_BYTES = 4_095;

  private final List<Root> roots;

  /**
   * @param roots the folders, at least one; a relative path lies in the first
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
   * @param left what the given path leaves by {@code ..}, absolute: each must be a folder
   */
  record Located(String given, Path root, Path path, List<Path> left) {}

  /** The roots, absolute, in their order. */
  List<Path> folders() {
    return roots.stream().map(Root::absolute).toList();
  }

  /**
   * The file that a path means.
   *
   * @throws StepFailure PERMISSION_DENIED when it lies outside the roots, INVALID_INPUT when it is
   *     empty, a root, a folder by its end, unreadable, too long, or a name that the worker keeps
   *     for its temporary files
   */
  Located locate(String given) throws StepFailure {
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

  private static Located located(String given, Root root, Path rest) throws StepFailure {
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
    return new Located(given, root.absolute(), path, left(root, rest));
  }

  /** Whether the text can only mean a folder. A {@link Path} no longer has its last slash. */
  private static boolean endsAsFolder(String given) {
    String end = given.substring(given.lastIndexOf('/') + 1);
    return end.isEmpty() || end.equals(".") || end.equals("..");
  }

  private static List<Path> left(Root root, Path rest) {
    List<Path> left = new ArrayList<>();
    Path path = root.absolute();
    for (Path part : rest) {
      if (part.toString().equals("..")) {
        left.add(path);
      }
      path = path.resolve(part).normalize();
    }
    return left;
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
      throw encoding.lacks(given)
          ? FileFailures.notEncodable(given, encoding.charset().name())
          : FileFailures.invalidPath(given);
    }
  }

  private static void requireShort(String path) throws StepFailure {
    if (path.length() > LONGEST_BYTES || path.getBytes(UTF_8).length > LONGEST_BYTES) {
      throw FileFailures.tooLong(LONGEST_BYTES);
    }
  }

  /** The path without its {@code .} parts; unlike {@link Path#normalize} it keeps {@code ..}. */
  private static Path withoutDots(Path path) {
    Path result = path.isAbsolute() ? path.getRoot() : Path.of("");
    for (Path part : path) {
      if (!part.toString().equals(".")) {
        result = result.resolve(part);
      }
    }
    return result;
  }

  /** Whether no beginning of the relative path leads above where it starts. */
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
   * @param text the root as it was configured, without dots
   * @param absolute the same, absolute and normalized
   */
  private record Root(Path text, Path absolute) {

    static Root of(Path configured) {
      return new Root(withoutDots(configured), configured.toAbsolutePath().normalize());
    }

    /** What follows the root in a path, null when the path does not start with it. */
    @Nullable Path restOf(Path path) {
      Path start = path.isAbsolute() ? absolute : text;
      if (start.toString().isEmpty() || !path.startsWith(start)) {
        return null;
      }
      // Path.relativize would resolve the dots before they are looked at.
      int names = start.getNameCount();
      return path.getNameCount() == names ? Path.of("") : path.subpath(names, path.getNameCount());
    }
  }
}
