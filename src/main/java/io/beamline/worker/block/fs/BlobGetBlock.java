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

/** Reads a file (contract section 4). Thread-safe. */
final class BlobGetBlock implements Block {

  private static final BlockType TYPE =
      new BlockType("fs.blob_get", List.of("fs_blob_get"), ResourcePool.IO);

  private final FileStore files;

  BlobGetBlock(FileStore files) {
    this.files = files;
  }

  @Override
  public BlockType type() {
    return TYPE;
  }

  @Override
  public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    String path = call.inputs().requiredText("path");
    GetFile.Found found = files.get(call, path);
    Content content = found.content();
    Map<String, Object> outputs = new LinkedHashMap<>();
    outputs.put("path", path);
    outputs.put("size", content.size());
    outputs.put("sha256", content.sha256());
    outputs.put("modified", found.modifiedMillis());
    String text = content.text();
    if (text != null) {
      outputs.put("content", text);
    } else {
      outputs.put("bytes", content.base64());
    }
    return Outputs.of(outputs);
  }
}
