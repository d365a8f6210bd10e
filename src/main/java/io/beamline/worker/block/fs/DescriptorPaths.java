package io.beamline.worker.block.fs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives an open folder a path that nobody can redirect. NIO cannot create a link or a folder
 * relative to an open folder, and a plain path may lead elsewhere once a link is swapped in. On
 * Linux, {@code /proc/self/fd/<n>/name} is a name relative to descriptor n.
 */
final class DescriptorPaths {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private DescriptorPaths() {}

  /** An action on a folder by its path. */
  @FunctionalInterface
  interface PathAction {

    /**
     * Runs the action.
     *
     * @throws NoSuchFileException if the path leads elsewhere; then another path is tried
     */
    void run(Path folder) throws IOException;
  }

  /**
   * Runs an action in a folder that the calling thread holds open, wherever its path leads now. On
   * systems other than Linux it uses the plain path.
   *
   * @throws NoSuchFileException if the folder is no longer at its path
   */
  static void runIn(Path folder, PathAction action) throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      action.run(folder);
      return;
    }
    // A file system that ignores case may return the name in another case. The exact name comes
    // first, because on other file systems a name in another case is another folder.
    if (!runOnMatch(folder, Path::equals, action)
        && !runOnMatch(folder, DescriptorPaths::equalsIgnoreCase, action)) {
      throw new NoSuchFileException(folder.toString());
    }
  }

  /**
   * Runs the action on a descriptor of the folder. NIO does not expose the caller's descriptor, so
   * every descriptor with the folder's name is tried. Those of other threads may close at any time;
   * the caller's own stays open.
   */
  private static boolean runOnMatch(
      Path folder, BiPredicate<Path, Path> sameName, PathAction action) throws IOException {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : descriptors) {
        Path target = target(descriptor);
        if (target != null && sameName.test(target, folder) && tryRun(action, descriptor)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean equalsIgnoreCase(Path one, Path other) {
    return one.toString().equalsIgnoreCase(other.toString());
  }

  private static @Nullable Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean tryRun(PathAction action, Path descriptor) throws IOException {
    try {
      action.run(descriptor);
      return true;
    } catch (IOException e) {
      if (e instanceof NoSuchFileException || FileFailures.isNotDirectory(e)) {
        return false;
      }
      throw e;
    }
  }
}
