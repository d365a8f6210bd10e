package io.beamline.worker.block.fs;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.InputPlace;
import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The base of the file blocks: reads the {@code path} input and returns it as the first output.
 * Thread-safe.
 */
abstract class FileBlock implements Block {

  private final BlockType type;
  private final FileStore store;

  /**
   * @param action the second part of the name {@code fs.<action>} and of the alias {@code
   *     fs_<action>}
   */
  FileBlock(String action, FileStore store) {
    this.store = store;
    type = new BlockType("fs." + action, List.of("fs_" + action), ResourcePool.IO);
  }

  @Override
  public final BlockType type() {
    return type;
  }

  @Override
  public final @Nullable String destination(BlockCall call) {
    String path = call.text("path");
    try {
      return path == null ? null : store.root(path);
    } catch (StepFailure e) {
      return null;
    }
  }

  @Override
  public final InputPlace place(String input) {
    return input.equals("path") ? InputPlace.PATH : InputPlace.PLAIN;
  }

  @Override
  public final int capacity(String destination) {
    return store.capacity(destination);
  }

  @Override
  public final int hanging(String destination) {
    return store.hanging(destination);
  }

  @Override
  public final Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    Inputs inputs = call.inputs();
    String path = inputs.requiredText("path");
    Map<String, Object> outputs = new LinkedHashMap<>();
    outputs.put("path", path);
    return work(call, inputs, path, outputs);
  }

  /** Does the work and adds to the outputs, which already contain the path. */
  abstract Outputs work(BlockCall call, Inputs inputs, String path, Map<String, Object> outputs)
      throws StepFailure, InterruptedException;
}
