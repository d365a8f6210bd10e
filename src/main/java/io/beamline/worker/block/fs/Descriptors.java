package io.beamline.worker.block.fs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Paths through an open folder. NIO can open, move and delete relative to an open folder but cannot
 * make a link or a folder there, and a plain path could be redirected by a link swapped in. On
 * Linux {@code /proc/self/fd/<n>/name} means the same as a name relative to descriptor n.
 */
final class Descriptors {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private Descriptors() {}

  /** Something that is done to a folder by its path. */
  @FunctionalInterface
  interface PathAction {

    /**
     * Does it.
     *
     * @throws NoSuchFileException when the path led elsewhere: another one is tried
     */
    void on(Path folder) throws IOException;
  }

  /**
   * Does something to a folder that the calling thread holds open, whatever its path leads to by
   * now. Where there are no such paths (not on Linux) the plain path is used.
   *
   * @throws NoSuchFileException when the folder is no longer at its path
   */
  static void within(Path folder, PathAction action) throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      action.on(folder);
      return;
    }
    // A file system may ignore case, and then tell the name in another one. Where it does not, that
    // name is another folder's.
    if (!doneBy(folder, Path::equals, action)
        && !doneBy(folder, Descriptors::equalsIgnoreCase, action)) {
      throw new NoSuchFileException(folder.toString());
    }
  }

  /**
   * NIO does not tell which descriptor is the caller's. Others that lead to the same folder serve
   * as well, but their threads may close them at any time: then the next is tried. The caller's own
   * stays open, so one of them works.
   */
  private static boolean doneBy(Path folder, BiPredicate<Path, Path> sameName, PathAction action)
      throws IOException {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : descriptors) {
        Path target = target(descriptor);
        if (target != null && sameName.test(target, folder) && done(action, descriptor)) {
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

  private static boolean done(PathAction action, Path descriptor) throws IOException {
    try {
      action.on(descriptor);
      return true;
    } catch (IOException e) {
      if (e instanceof NoSuchFileException || FileFailures.isNotDirectory(e)) {
        return false;
      }
      throw e;
    }
  }
}
