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
 * Recognizes the kernel's errors for which NIO has no exception type. Of such an error NIO keeps
 * only a text, which depends on the locale. So the texts are learned from errors that are provoked
 * in the same process. Immutable.
 */
final class SystemErrors {

  /**
   * Those that cannot be provoked without a file system of one's own, as the C libraries (glibc and
   * musl) call them in the locales {@code C} and {@code C.UTF-8}, in which the image runs.
   */
  private static final List<Entry<SystemError, String>> NOT_PROVOKED =
      List.of(
          Map.entry(SystemError.QUOTA_EXCEEDED, "Disk quota exceeded"),
          Map.entry(SystemError.QUOTA_EXCEEDED, "Quota exceeded"),
          Map.entry(SystemError.FILE_TOO_LARGE, "File too large"),
          Map.entry(SystemError.ACCESS_DENIED, "Permission denied"));

  private final List<Entry<SystemError, String>> texts;

  /**
   * @param texts what Java calls the errors; one may have several texts
   */
  SystemErrors(List<Entry<SystemError, String>> texts) {
    // A text may be a part of a longer one.
    this.texts = texts.stream().sorted(comparingInt(entry -> -entry.getValue().length())).toList();
  }

  /** Those of this process, in its locale; learned at the first use. */
  static SystemErrors ofThisProcess() {
    return ThisProcess.ERRORS;
  }

  /** The error that an exception was made of, null when it is none of these. */
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

  /** What Java calls the error, without the path; null when it is not given. */
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
