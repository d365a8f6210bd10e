package io.beamline.worker.block.fs;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.ContentMemory;
import io.beamline.worker.block.ContentMemory.Reservation;
import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.EncodedSize;
import java.util.Map;

/** Reads a file (contract section 4). Thread-safe. */
final class BlobGetBlock extends FileBlock {

  private final FileStore files;
  private final ContentMemory memory;
  private final ResultLimit resultLimit;

  BlobGetBlock(FileStore files, ContentMemory memory, ResultLimit resultLimit) {
    super("blob_get", files);
    this.files = files;
    this.memory = memory;
    this.resultLimit = resultLimit;
  }

  @Override
  public boolean hasEffects() {
    return false;
  }

  /** Closing the outputs releases the reservation of the content. */
  @Override
  Outputs work(BlockCall call, Inputs inputs, String path, Map<String, Object> outputs)
      throws StepFailure, InterruptedException {
    Reservation reservation = memory.newReservation();
    try {
      read(call, path, reservation, outputs);
      return Outputs.holding(outputs, reservation::close);
    } catch (StepFailure | InterruptedException | RuntimeException | Error e) {
      reservation.close();
      throw e;
    }
  }

  private void read(
      BlockCall call, String path, Reservation reservation, Map<String, Object> outputs)
      throws StepFailure, InterruptedException {
    long maxBytes = resultLimit.maxBytes();
    GetFile.StoredFile found = files.get(call, path, maxBytes, reservation);
    Content content = found.content();
    Utf8Text text = content.text();
    ResultLimit.require(
        text == null ? EncodedSize.ofBase64(content.size()) : EncodedSize.ofText(text.bytes()),
        maxBytes);
    outputs.put("size", content.size());
    outputs.put("sha256", content.sha256());
    outputs.put("modified", found.modifiedMillis());
    if (text != null) {
      outputs.put("content", text);
    } else {
      outputs.put("bytes", content.base64());
    }
  }
}
