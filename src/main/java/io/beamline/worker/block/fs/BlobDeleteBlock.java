package io.beamline.worker.block.fs;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Deletes a file (contract section 4). Thread-safe. */
final class BlobDeleteBlock implements Block {

  private static final BlockType TYPE =
      new BlockType("fs.blob_delete", List.of("fs_blob_delete"), ResourcePool.IO);

  private final FileStore files;

  BlobDeleteBlock(FileStore files) {
    this.files = files;
  }

  @Override
  public BlockType type() {
    return TYPE;
  }

  @Override
  public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    String path = call.inputs().requiredText("path");
    boolean deleted = files.delete(call, path);
    Map<String, Object> outputs = new LinkedHashMap<>();
    outputs.put("path", path);
    outputs.put("deleted", deleted);
    return Outputs.of(outputs);
  }
}
