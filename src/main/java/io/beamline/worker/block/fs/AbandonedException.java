package io.beamline.worker.block.fs;

import java.io.IOException;

/** The caller no longer waits: the operation must undo what it has begun. */
final class AbandonedException extends IOException {

  AbandonedException() {
    super("The caller no longer waits");
  }
}
