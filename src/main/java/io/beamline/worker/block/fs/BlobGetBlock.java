package io.beamline.worker.block.fs;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Utf8Text;
import java.util.Map;

/** Reads a file (contract section 4). Thread-safe. */
final class BlobGetBlock extends FileBlock {

  private final FileStore files;

  BlobGetBlock(FileStore files) {
    super("blob_get");
    this.files = files;
  }

  @Override
  void work(BlockCall call, Inputs inputs, String path, Map<String, Object> outputs)
      throws StepFailure, InterruptedException {
    GetFile.Found found = files.get(call, path);
    Content content = found.content();
    outputs.put("size", content.size());
    outputs.put("sha256", content.sha256());
    outputs.put("modified", found.modifiedMillis());
    Utf8Text text = content.text();
    if (text != null) {
      outputs.put("content", text);
    } else {
      outputs.put("bytes", content.base64());
    }
  }
}
