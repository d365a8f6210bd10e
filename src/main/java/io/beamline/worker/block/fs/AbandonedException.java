package io.beamline.worker.block.fs;

import java.io.IOException;

/**
 * Thrown in a file operation whose caller has stopped waiting. The operation must undo its changes.
 */
final class AbandonedException extends IOException {

  AbandonedException() {
    super("The caller no longer waits");
  }
}
