package io.beamline.worker.block;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import java.util.List;

/** Returns the payload unchanged as the outputs. Thread-safe. */
final class EchoBlock implements Block {

  private static final BlockType TYPE = new BlockType("echo", List.of(), ResourcePool.CPU);

  @Override
  public BlockType type() {
    return TYPE;
  }

  @Override
  public boolean hasEffects() {
    return false;
  }

  @Override
  public Outputs run(BlockCall call) {
    return new Outputs.RawObject(call.payload());
  }
}
