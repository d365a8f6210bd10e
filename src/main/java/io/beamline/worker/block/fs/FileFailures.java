package io.beamline.worker.block.fs;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static io.beamline.worker.contract.ErrorCode.PERMISSION_DENIED;
import static io.beamline.worker.contract.ErrorCode.QUOTA_EXCEEDED;
import static io.beamline.worker.contract.ErrorCode.RESOURCE_UNAVAILABLE;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.destination.AttemptVerdict;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Map;

/** Creates step failures for errors of the file system (contract section 3). Stateless. */
final class FileFailures {

  private FileFailures() {}

  /**
   * Maps an I/O error by its type, or by the kernel's error if NIO has no type for it. It never
   * depends on a fixed text, because texts change with the locale.
   *
   * @param path the path as the job gave it
   */
  static StepFailure of(IOException error, String path) {
    return switch (error) {
      case NoSuchFileException e -> missing(path);
      case AccessDeniedException e -> denied(path);
      case NotDirectoryException e -> noFolder(path);
      case FileAlreadyExistsException e -> exists(path);
      case FileSystemLoopException e -> outside(path);
      default -> bySystemError(error, path);
    };
  }

  private static StepFailure bySystemError(IOException error, String path) {
    return switch (SystemErrors.ofThisProcess().of(error)) {
      case NO_SPACE, QUOTA_EXCEEDED -> noRoom(path).saying(AttemptVerdict.FAILED);
      case FILE_TOO_LARGE -> noRoom(path);
      case ACCESS_DENIED, NOT_PERMITTED -> denied(path);
      case LINK_LOOP -> outside(path);
      case NOT_A_FOLDER -> noFolder(path);
      case IS_A_FOLDER -> notRegular(path);
      case NAME_TOO_LONG, INVALID_ARGUMENT -> invalidPath(path);
      case null -> failure(RESOURCE_UNAVAILABLE, "The file system reported an error", path);
    };
  }

  private static StepFailure noRoom(String path) {
    return failure(ErrorCode.QUOTA_EXCEEDED, "The file system has no room for the file", path);
  }

  /** Returns whether the error means that a part of the path is not a folder. */
  static boolean isNotDirectory(IOException error) {
    return error instanceof NotDirectoryException
        || SystemErrors.ofThisProcess().of(error) == SystemError.NOT_A_FOLDER;
  }

  /** The file does not exist. Not retryable, because another attempt would not find it either. */
  static StepFailure missing(String path) {
    return new StepFailure(
        new StepError(
            RESOURCE_UNAVAILABLE,
            RESOURCE_UNAVAILABLE.type(),
            "The file does not exist",
            false,
            Map.of("path", path)));
  }

  /** Another program moved or removed a folder or file during the operation. */
  static StepFailure changed(String path) {
    return failure(RESOURCE_UNAVAILABLE, "The path changed while it was in use", path)
        .saying(AttemptVerdict.NOTHING);
  }

  /** The path lies outside the roots, or a link leads there. */
  static StepFailure outside(String path) {
    return failure(PERMISSION_DENIED, "The path leads out of the permitted roots", path);
  }

  /** The file exists with other content and must not be replaced. */
  static StepFailure exists(String path) {
    return failure(INVALID_INPUT, "The file exists and overwrite is not set", path);
  }

  /** The path is a folder, FIFO, device or socket. */
  static StepFailure notRegular(String path) {
    return failure(INVALID_INPUT, "The path is not a regular file", path);
  }

  /** The file system cannot represent the path. */
  static StepFailure invalidPath(String path) {
    return failure(INVALID_INPUT, "The path is not valid", path);
  }

  /** The path has characters that the locale of this process cannot encode. */
  static StepFailure notEncodable(String path, String encoding) {
    return StepFailure.of(
        INVALID_INPUT,
        "The locale of the worker cannot encode the path",
        Map.of("path", path, "encoding", encoding));
  }

  /**
   * The path is longer than any system allows. The error does not contain it, because it may be
   * huge.
   */
  static StepFailure tooLong(int maxBytes) {
    return StepFailure.of(
        INVALID_INPUT, "The path is too long", Map.of("field", "path", "max_bytes", maxBytes));
  }

  /** The path names no file: it is empty, or a root. */
  static StepFailure namesNoFile(String path) {
    return failure(INVALID_INPUT, "The path names no file", path);
  }

  /** The path ends in a slash or in dots, so that it can only mean a folder. */
  static StepFailure namesFolder(String path) {
    return failure(INVALID_INPUT, "The path ends like a folder and names no file", path);
  }

  /** The content is larger than the worker accepts. */
  static StepFailure tooLarge(String path, long maxBytes) {
    return StepFailure.of(
        QUOTA_EXCEEDED,
        "The file is larger than the permitted size",
        Map.of("path", path, "max_bytes", maxBytes));
  }

  /** The content would take more memory than one step may use. */
  static StepFailure tooLargeForMemory(String path, long size, long maxMemoryBytes) {
    return StepFailure.withoutRetry(
        StepError.of(
            QUOTA_EXCEEDED,
            "The file is larger than the memory of the worker allows",
            Map.of("path", path, "size", size, "max_memory_bytes", maxMemoryBytes)));
  }

  /** The memory was in use by other contents until the timeout of the operation. */
  static StepFailure noMemory(String path) {
    return failure(RESOURCE_UNAVAILABLE, "The memory for file contents is in use", path)
        .saying(AttemptVerdict.NOTHING);
  }

  /**
   * No thread is left for the operation. The step is not retried, because the kernel frees no
   * thread within the few hundred milliseconds of a backoff (contract section 5).
   *
   * @param threads the number of file threads
   */
  static StepFailure allThreadsStuck(String path, int threads) {
    return StepFailure.withoutRetry(
            StepError.of(
                RESOURCE_UNAVAILABLE,
                "All file threads are stuck",
                Map.of("path", path, "threads", threads)))
        .saying(AttemptVerdict.NOTHING);
  }

  private static StepFailure denied(String path) {
    return failure(PERMISSION_DENIED, "Access to the file is denied", path)
        .saying(AttemptVerdict.FAILED);
  }

  /** A part of the path exists and is not a folder. */
  static StepFailure noFolder(String path) {
    return failure(INVALID_INPUT, "A part of the path is not a folder", path);
  }

  private static StepFailure failure(ErrorCode code, String message, String path) {
    return StepFailure.of(code, message, Map.of("path", path));
  }
}
