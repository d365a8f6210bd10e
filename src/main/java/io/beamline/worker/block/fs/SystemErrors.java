package io.beamline.worker.block.fs;

import static java.util.Comparator.comparingInt;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes errors of the kernel for which NIO has no exception type. NIO keeps only the text of
 * such an error, which depends on the locale. So the texts are learned from errors that this
 * process provokes. Immutable.
 */
final class SystemErrors {

  /**
   * Errors that cannot be provoked without a special file system. The texts are those of glibc and
   * musl in the locales {@code C} and {@code C.UTF-8}, which the image uses.
   */
  private static final List<Entry<SystemError, String>> NOT_PROVOKED =
      List.of(
          Map.entry(SystemError.QUOTA_EXCEEDED, "Disk quota exceeded"),
          Map.entry(SystemError.QUOTA_EXCEEDED, "Quota exceeded"),
          Map.entry(SystemError.FILE_TOO_LARGE, "File too large"),
          Map.entry(SystemError.ACCESS_DENIED, "Permission denied"));

  private final List<Entry<SystemError, String>> texts;

  /**
   * @param texts the texts of the errors; one may have several
   */
  SystemErrors(List<Entry<SystemError, String>> texts) {
    // A text may be a part of a longer one.
    this.texts = texts.stream().sorted(comparingInt(entry -> -entry.getValue().length())).toList();
  }

  /** Returns the errors in the locale of this process, learned at the first call. */
  static SystemErrors ofThisProcess() {
    return ThisProcess.ERRORS;
  }

  /** Returns the error behind an exception, or null if it is none of these. */
  @Nullable SystemError of(IOException exception) {
    String reason = reason(exception);
    if (reason == null) {
      return null;
    }
    for (Entry<SystemError, String> entry : texts) {
      if (reason.contains(entry.getValue())) {
        return entry.getKey();
      }
    }
    return null;
  }

  /** Returns the text of the error without the path, or null if there is none. */
  static @Nullable String reason(IOException exception) {
    return exception instanceof FileSystemException e ? e.getReason() : exception.getMessage();
  }

  private static final class ThisProcess {

    private static final SystemErrors ERRORS = learn();

    private static SystemErrors learn() {
      List<Entry<SystemError, String>> all = new ArrayList<>(ProvokedErrors.texts());
      all.addAll(NOT_PROVOKED);
      return new SystemErrors(all);
    }
  }
}
