package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import java.io.IOException;

/**
 * What a file thread does for one step. Everything that touches a file system happens in here, for
 * even a look at a file hangs when its file system does.
 *
 * @param <T> the result
 */
@FunctionalInterface
interface FileOperation<T> {

  /**
   * Runs on a file thread and lets go of every resource before it returns.
   *
   * @throws StepFailure for failures the operation understands
   * @throws IOException for those {@link FileFailures} understands, and {@link AbandonedException}
   */
  T run(Progress progress) throws StepFailure, IOException;
}
