package io.beamline.worker.block.fs;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import java.util.Map;

/** Deletes a file (contract section 4). Thread-safe. */
final class BlobDeleteBlock extends FileBlock {

  private final FileStore files;

  BlobDeleteBlock(FileStore files) {
    super("blob_delete", files);
    this.files = files;
  }

  @Override
  Outputs work(BlockCall call, Inputs inputs, String path, Map<String, Object> outputs)
      throws StepFailure, InterruptedException {
    outputs.put("deleted", files.delete(call, path));
    return Outputs.of(outputs);
  }
}
