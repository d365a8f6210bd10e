package io.beamline.worker.block.fs;

import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;

/** The kinds of file operation; each has its own timeout (contract section 5). */
enum OperationKind {
  /** Reading a file. */
  READ("fs_read"),
  /** Writing a file. */
  WRITE("fs_write"),
  /** Deleting a file. */
  DELETE("fs_delete");

  private final String wireName;

  OperationKind(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the {@code operation_type} of errors and metrics. */
  String wireName() {
    return wireName;
  }

  /** Returns the timeout of this kind, which may be {@link OperationTimeouts#UNLIMITED}. */
  Duration timeout(OperationTimeouts timeouts) {
    return switch (this) {
      case READ -> timeouts.fileRead();
      case WRITE -> timeouts.fileWrite();
      case DELETE -> timeouts.fileDelete();
    };
  }
}
