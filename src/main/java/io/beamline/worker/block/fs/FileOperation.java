package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import java.io.IOException;

/**
 * The work that a file thread does for one step. All access to a file system happens in here,
 * because even reading attributes hangs when the file system hangs.
 *
 * @param <T> the result
 */
@FunctionalInterface
interface FileOperation<T> {

  /**
   * Runs on a file thread and releases every resource before it returns.
   *
   * @throws StepFailure for failures that the operation recognizes
   * @throws IOException for failures that {@link FileFailures} maps, and as {@link
   *     AbandonedException}
   */
  T run(Progress progress) throws StepFailure, IOException;
}
