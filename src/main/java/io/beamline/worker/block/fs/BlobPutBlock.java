package io.beamline.worker.block.fs;

import static io.beamline.worker.contract.ErrorCode.INVALID_FORMAT;
import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static io.beamline.worker.contract.ErrorCode.MISSING_REQUIRED_FIELD;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a file (contract section 4). Thread-safe. */
final class BlobPutBlock extends FileBlock {

  private final FileStore files;

  BlobPutBlock(FileStore files) {
    super("blob_put", files);
    this.files = files;
  }

  @Override
  Outputs work(BlockCall call, Inputs inputs, String path, Map<String, Object> outputs)
      throws StepFailure, InterruptedException {
    Content content = content(inputs);
    long created = files.put(call, path, content, inputs.bool("overwrite", false));
    outputs.put("size", content.size());
    outputs.put("sha256", content.sha256());
    outputs.put("created", created);
    return Outputs.of(outputs);
  }

  private static Content content(Inputs inputs) throws StepFailure {
    Field.Text text = inputs.largeText("content");
    String base64 = inputs.text("bytes");
    if (text != null && base64 != null) {
      throw failure(INVALID_INPUT, "Only one of content and bytes may be given", "content");
    }
    if (text != null) {
      return require(
          Content.of(text.utf8()), INVALID_INPUT, "The content is not valid text", "content");
    }
    if (base64 != null) {
      return require(
          Content.ofBase64(base64), INVALID_FORMAT, "The bytes cannot be decoded", "bytes");
    }
    throw failure(MISSING_REQUIRED_FIELD, "A required input is missing", "content");
  }

  private static Content require(
      @Nullable Content content, ErrorCode code, String message, String field) throws StepFailure {
    if (content == null) {
      throw failure(code, message, field);
    }
    return content;
  }

  private static StepFailure failure(ErrorCode code, String message, String field) {
    return StepFailure.of(code, message, Map.of("field", field));
  }
}
