package io.beamline.worker.block.fs;

import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;

/** The kinds of file operation that have a timeout each (contract section 5). */
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

  /** The {@code operation_type} of errors and metrics. */
  String wireName() {
    return wireName;
  }

  /** The timeout for this kind, possibly {@link OperationTimeouts#UNLIMITED}. */
  Duration timeout(OperationTimeouts timeouts) {
    return switch (this) {
      case READ -> timeouts.fileRead();
      case WRITE -> timeouts.fileWrite();
      case DELETE -> timeouts.fileDelete();
    };
  }
}
